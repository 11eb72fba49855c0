export const id = 560;
export const ids = [560];
export const modules = {

/***/ 1179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   uploadWithProgress: () => (/* binding */ uploadWithProgress)
/* harmony export */ });
/* harmony import */ var _request_CycLCCas_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1344);
/* harmony import */ var rxjs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4863);


/**
* Run an asset upload through `XMLHttpRequest` so we can surface per-chunk
* upload progress events. get-it v9 / fetch has no equivalent hook in the
* browser, so the observable asset-upload API falls back to this path when
* `XMLHttpRequest` is available.
*
* @internal
*/
function uploadWithProgress(options) {
	return new rxjs__WEBPACK_IMPORTED_MODULE_0__.Observable((subscriber) => {
		let xhr = new XMLHttpRequest(), { url, method, headers, body, withCredentials, timeout, signal } = options;
		xhr.open(method, url), xhr.withCredentials = withCredentials, typeof timeout == "number" && timeout > 0 && (xhr.timeout = timeout);
		for (let [key, value] of Object.entries(headers)) xhr.setRequestHeader(key, value);
		xhr.upload.onprogress = (e) => {
			subscriber.next({
				type: "progress",
				stage: "upload",
				percent: e.lengthComputable ? Math.round(e.loaded / e.total * 100) : 0,
				total: e.total || void 0,
				loaded: e.loaded,
				lengthComputable: e.lengthComputable
			});
		}, xhr.onload = () => {
			if (xhr.status >= 400) {
				let errorHeaders = parseXhrResponseHeaders(xhr.getAllResponseHeaders()), canonical = (0,_request_CycLCCas_js__WEBPACK_IMPORTED_MODULE_1__.s)({
					status: xhr.status,
					statusText: xhr.statusText,
					headers: errorHeaders,
					body: (0,_request_CycLCCas_js__WEBPACK_IMPORTED_MODULE_1__.n)(xhr.responseText, errorHeaders),
					url: xhr.responseURL
				}, url, method);
				subscriber.error(xhr.status >= 500 ? new _request_CycLCCas_js__WEBPACK_IMPORTED_MODULE_1__.a(canonical) : new _request_CycLCCas_js__WEBPACK_IMPORTED_MODULE_1__.r(canonical));
				return;
			}
			let responseBody;
			try {
				responseBody = JSON.parse(xhr.responseText);
			} catch {
				subscriber.error(/* @__PURE__ */ Error("Failed to parse upload response as JSON"));
				return;
			}
			subscriber.next({
				type: "response",
				body: responseBody
			}), subscriber.complete();
		}, xhr.onerror = () => {
			subscriber.error(/* @__PURE__ */ Error("XHR upload network error"));
		}, xhr.ontimeout = () => {
			subscriber.error(new DOMException(`The operation timed out after ${timeout}ms while attempting to reach ${url}`, "TimeoutError"));
		}, xhr.onabort = () => {
			subscriber.error(new DOMException("Upload aborted", "AbortError"));
		};
		let onSignalAbort = () => xhr.abort();
		if (signal) {
			if (signal.aborted) {
				subscriber.error(new DOMException("Upload aborted", "AbortError"));
				return;
			}
			signal.addEventListener("abort", onSignalAbort, { once: !0 });
		}
		return xhr.send(body), () => {
			signal?.removeEventListener("abort", onSignalAbort), xhr.abort();
		};
	});
}
/**
* Parse `XMLHttpRequest.getAllResponseHeaders()` output (CRLF-separated
* `name: value` lines) into a `Headers` instance.
*/
function parseXhrResponseHeaders(raw) {
	let headers = new Headers();
	for (let line of raw.split("\r\n")) {
		let separator = line.indexOf(":");
		if (!(separator <= 0)) try {
			headers.append(line.slice(0, separator).trim(), line.slice(separator + 1).trim());
		} catch {}
	}
	return headers;
}


//# sourceMappingURL=browserUpload-RbNSlau1.js.map

/***/ })

};
