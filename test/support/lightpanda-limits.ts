// A stand-in for Lightpanda: a real Chromium behind a CDP proxy that enforces Lightpanda's limits, as they are written
// down for 0.3.7 (https://github.com/lightpanda-io/browser). It is NOT Lightpanda: what passes here uses no more than
// Lightpanda offers, but whether Lightpanda's own engine shows a given site right, only the real binary can say.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { isIP, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

// The very library that puppeteer-core talks with; it brings no types.
type WebSocket = {
  on(event: string, listener: (data: Buffer) => void): void;
  send(text: string): void;
  terminate(): void;
};
type Upgrades = {
  handleUpgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    done: (socket: WebSocket) => void,
  ): void;
};
const { WebSocketServer }: { WebSocketServer: new (options: object) => Upgrades } = createRequire(
  import.meta.resolve('puppeteer-core'),
)('ws');

type Message = {
  id?: number;
  method?: string;
  sessionId?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: object;
};

const COMMANDS: Record<string, string> = {
  Accessibility: 'enable disable getFullAXTree getPartialAXTree queryAXTree',
  Audits: 'enable disable',
  Browser:
    'getVersion setPermission setWindowBounds resetPermissions grantPermissions getWindowForTarget setDownloadBehavior',
  Console: 'enable disable clearMessages',
  CSS: 'enable',
  DOM: 'enable getDocument performSearch getSearchResults discardSearchResults querySelector querySelectorAll resolveNode describeNode scrollIntoViewIfNeeded getContentQuads getBoxModel requestChildNodes getFrameOwner getOuterHTML requestNode setFileInputFiles',
  Emulation:
    'setEmulatedMedia setFocusEmulationEnabled setDeviceMetricsOverride clearDeviceMetricsOverride setTouchEmulationEnabled setUserAgentOverride setGeolocationOverride clearGeolocationOverride',
  Fetch: 'enable disable continueRequest failRequest fulfillRequest continueWithAuth',
  Input: 'dispatchKeyEvent dispatchMouseEvent insertText',
  Inspector: 'enable disable',
  Log: 'enable disable',
  Performance: 'enable disable',
  Network:
    'enable disable setCacheDisabled setBlockedURLs setExtraHTTPHeaders setUserAgentOverride deleteCookies clearBrowserCookies clearBrowserCache canClearBrowserCache setCookie setCookies getCookies getAllCookies getResponseBody getRequestPostData',
  Page: 'enable getFrameTree getNavigationHistory setLifecycleEventsEnabled addScriptToEvaluateOnNewDocument removeScriptToEvaluateOnNewDocument createIsolatedWorld navigate navigateToHistoryEntry reload stopLoading close captureScreenshot printToPDF getLayoutMetrics handleJavaScriptDialog',
  Runtime:
    'enable disable runIfWaitingForDebugger evaluate addBinding callFunctionOn releaseObject getProperties',
  Security: 'enable disable setIgnoreCertificateErrors',
  Storage: 'clearCookies setCookies getCookies',
  Target:
    'getTargets attachToTarget attachToBrowserTarget closeTarget createBrowserContext disposeBrowserContext createTarget detachFromTarget getBrowserContexts getTargetInfo sendMessageToTarget setAutoAttach setDiscoverTargets activateTarget',
};
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const OWN_ID = 1_000_000_000; // from here on, ids of commands that the proxy itself sends

export type Limits = {
  readonly endpoint: string;
  readonly refused: string[];
  dropAll(): void;
  close(): Promise<void>;
};

/** Serves on 127.0.0.1. `refused` lists every command that Lightpanda does not have. */
export async function lightpandaLimits(options: {
  chromiumPath: string;
  port?: number;
  maxConnections?: number;
}): Promise<Limits> {
  const refused: string[] = [];
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  const open = new Set<WebSocket>();
  const ended: Promise<void>[] = [];
  let endpoint = '';
  const http = createServer((request, response) => {
    if (request.url !== '/json/version') return response.writeHead(404).end();
    return response.end(
      JSON.stringify({
        Browser: 'Lightpanda/1.0',
        'Protocol-Version': '1.3',
        'Lightpanda-Version': 'limits',
        webSocketDebuggerUrl: endpoint,
      }),
    );
  });
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const host = new URL(`ws://${request.headers.host}`).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) === 0 || request.headers.origin !== undefined)
      return socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\nHost not allowed');
    if (open.size >= (options.maxConnections ?? 16)) return socket.destroy(); // full: hangs up without a word
    return upgrades.handleUpgrade(request, socket, head, (client) => {
      open.add(client);
      client.on('close', () => open.delete(client));
      ended.push(relay(client, options.chromiumPath, refused));
    });
  });
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  endpoint = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const dropAll = () => {
    for (const client of open) client.terminate();
  };
  const close = async () => {
    dropAll();
    http.close();
    await Promise.all(ended);
  };
  return { endpoint, refused, dropAll, close };
}

// One connection, one browser of its own; over a pipe, messages end with a zero byte.
async function relay(client: WebSocket, chromiumPath: string, refused: string[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'lightpanda-limits-')); // at once: the client is already talking
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
  ];
  const browser = spawn(chromiumPath, [...flags, '--remote-debugging-pipe', `--user-data-dir=${home}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { HOME: home, PATH: '/usr/bin:/bin' },
  });
  const gone = once(browser, 'exit');
  const [input, output] = [browser.stdio[3], browser.stdio[4]] as [Writable, Readable];
  input.on('error', () => {});
  const toBrowser = (message: Message) => input.write(`${JSON.stringify(message)}\0`);
  const toClient = (message: Message) => client.send(JSON.stringify(message));
  const rules = limits(toBrowser, toClient, refused);
  client.on('message', (data) => rules.fromClient(JSON.parse(data.toString())));
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) rules.fromBrowser(JSON.parse(part));
  });
  client.on('close', () => browser.kill('SIGKILL'));
  client.on('error', () => client.terminate());
  await gone;
  client.terminate();
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function limits(
  toBrowser: (message: Message) => void,
  toClient: (message: Message) => void,
  refused: string[],
) {
  const waiting = new Map<number, (result: Record<string, unknown>) => void>();
  let context: unknown = null;
  let target: unknown = null;
  let ownId = OWN_ID;
  const refuse = (code: number, message: string): Message => ({ error: { code, message } });

  /** Lightpanda's own answer, or null where Chromium's will do. */
  function answer({ id = 0, method = '', params = {} }: Message): Message | null {
    const [domain = '', command = ''] = method.split('.');
    if (!(COMMANDS[domain] ?? '').split(' ').includes(command)) {
      refused.push(method);
      return refuse(-31998, domain in COMMANDS ? 'UnknownMethod' : 'UnknownDomain');
    }
    if (method === 'Target.createBrowserContext') {
      if (context !== null) return refuse(-32000, 'Cannot have more than one browser context at a time');
      context = 'coming';
      waiting.set(id, (result) => {
        context = result['browserContextId'];
      });
    } else if (method === 'Target.createTarget') {
      const wanted = params['browserContextId'];
      if (target !== null) return refuse(-31998, 'TargetAlreadyLoaded');
      if (context !== null && wanted !== undefined && wanted !== context)
        return refuse(-31998, 'UnknownBrowserContextId');
      context ??= 'implicit';
      target = 'coming';
      waiting.set(id, (result) => {
        target = result['targetId'];
      });
    } else if (method === 'Target.closeTarget') target = null;
    else if (method === 'Target.disposeBrowserContext') [context, target] = [null, null];
    else if (method === 'Input.dispatchKeyEvent' && params['type'] === 'rawKeyDown') return { result: {} };
    else if (method === 'Page.captureScreenshot')
      return params['format'] === 'jpeg' ? refuse(-32000, 'unsupported format') : { result: { data: PIXEL } };
    else if (method === 'Page.handleJavaScriptDialog') return refuse(-32000, 'No dialog is showing');
    return null;
  }

  function fromClient(message: Message): void {
    const own = answer(message);
    const { id = 0, sessionId } = message;
    if (own === null) toBrowser(message);
    else toClient({ id, ...(sessionId === undefined ? {} : { sessionId }), ...own });
  }

  function fromBrowser(message: Message): void {
    const { id, method, params, sessionId } = message;
    if (id !== undefined) {
      if (message.result !== undefined) waiting.get(id)?.(message.result);
      waiting.delete(id);
      if (id < OWN_ID) toClient(message);
      return;
    }
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded') return;
    // The dialog has been answered by the time anyone hears of it.
    if (method === 'Page.javascriptDialogOpening') {
      ownId += 1;
      toBrowser({
        id: ownId,
        method: 'Page.handleJavaScriptDialog',
        params: { accept: false },
        ...(sessionId === undefined ? {} : { sessionId }),
      });
    }
    for (const key of ['timestamp', 'wallTime'])
      if (typeof params?.[key] === 'number') params[key] = Math.floor(params[key]);
    toClient(message);
  }
  return { fromClient, fromBrowser };
}
