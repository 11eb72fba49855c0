// The three document types for a Sanity Studio: import `schemaTypes` there (docs/integrations/sanity.md). They are plain
// data, so that Node can judge documents by them before a write. Must never differ from app/core/knowledge/documents.ts:
// one set of fixtures judges both.
// https://www.sanity.io/docs/studio/schema-types
import { defineArrayMember, defineField, defineType } from '@sanity/types';
import { limits, MANAGED_BY, outcomes, patterns, risks, severities } from '#core/knowledge/documents';

const words = (name: string, title: string, description: string, min = 1) =>
  defineField({
    name,
    title,
    description,
    type: 'array',
    of: [
      defineArrayMember({
        type: 'string',
        validation: (rule) => rule.required().min(min).max(limits.line),
      }),
    ],
    validation: (rule) => rule.required().unique().max(limits.words),
  });

const failureTypes = (least: 0 | 1) =>
  defineField({
    name: 'failureTypes',
    title: 'Failure types',
    description: 'Such as cpu_saturation, memory_exhaustion, dependency_timeout.',
    type: 'array',
    of: [
      defineArrayMember({
        type: 'string',
        validation: (rule) => rule.required().regex(patterns.failureType),
      }),
    ],
    validation: (rule) => rule.required().unique().min(least).max(limits.words),
  });

const service = defineField({
  name: 'service',
  type: 'string',
  description: 'Its name in the inventory of vigil.yml.',
  validation: (rule) => rule.required().regex(patterns.service),
});

const managedBy = defineField({
  name: 'managedBy',
  type: 'string',
  description: 'Set by an ingest; what carries it is changed and removed with its file.',
  readOnly: true,
  options: { list: [MANAGED_BY] },
});

const runbookId = defineField({
  name: 'runbookId',
  title: 'Runbook',
  type: 'string',
  description: 'The id in the front matter of the file.',
  validation: (rule) => rule.regex(patterns.runbookId),
});

export const runbookType = defineType({
  name: 'runbook',
  title: 'Runbook',
  type: 'document',
  fields: [
    defineField({
      name: 'title',
      type: 'string',
      validation: (rule) => rule.required().min(5).max(limits.title),
    }),
    service,
    failureTypes(1),
    defineField({
      name: 'severity',
      type: 'string',
      options: { list: [...severities] },
      validation: (rule) => rule.required(),
    }),
    words('keywords', 'Keywords', 'What people and alerts call it.'),
    words('alerts', 'Alerts', 'Names of the alerts it answers.', 3),
    defineField({
      name: 'steps',
      type: 'array',
      of: [
        defineArrayMember({
          type: 'text',
          validation: (rule) => rule.required().max(limits.step),
        }),
      ],
      validation: (rule) => rule.required().max(limits.steps),
    }),
    defineField({
      name: 'verificationProcedure',
      title: 'Verification procedure',
      type: 'text',
      validation: (rule) => rule.max(limits.step),
    }),
    defineField({
      name: 'riskLevel',
      title: 'Risk',
      type: 'string',
      options: { list: [...risks] },
    }),
    defineField({
      name: 'text',
      type: 'text',
      description: 'The whole text, to search in.',
      validation: (rule) => rule.max(limits.text),
    }),
    runbookId,
    defineField({
      name: 'path',
      type: 'string',
      readOnly: true,
      validation: (rule) => rule.min(4).max(500),
    }),
    defineField({
      name: 'sha256',
      type: 'string',
      readOnly: true,
      validation: (rule) => rule.regex(patterns.sha256),
    }),
    defineField({
      name: 'guessed',
      type: 'array',
      readOnly: true,
      of: [
        defineArrayMember({
          type: 'string',
          validation: (rule) => rule.required().max(limits.line),
        }),
      ],
      validation: (rule) => rule.unique().max(20),
    }),
    managedBy,
  ],
});

export const pastIncidentType = defineType({
  name: 'pastIncident',
  title: 'Past incident',
  type: 'document',
  fields: [
    defineField({
      name: 'title',
      type: 'string',
      validation: (rule) => rule.required().max(limits.title),
    }),
    service,
    failureTypes(0),
    defineField({
      name: 'occurredAt',
      title: 'When',
      type: 'datetime',
      validation: (rule) => rule.required(),
    }),
    ...(['hypothesis', 'resolution', 'correction'] as const).map((name) =>
      defineField({ name, type: 'text', validation: (rule) => rule.max(limits.step) }),
    ),
    defineField({
      name: 'outcome',
      type: 'string',
      options: { list: [...outcomes] },
      validation: (rule) => rule.required(),
    }),
    defineField({
      name: 'effectiveness',
      type: 'number',
      description: '0 to 100; empty where nothing ran.',
      validation: (rule) => rule.integer().min(0).max(100),
    }),
    runbookId,
    defineField({
      name: 'kind',
      title: 'Kind of fix',
      type: 'string',
      validation: (rule) => rule.max(limits.line),
    }),
    defineField({
      name: 'issue',
      type: 'url',
      validation: (rule) => rule.uri({ scheme: ['http', 'https'] }),
    }),
    managedBy,
  ],
});

export const serviceType = defineType({
  name: 'service',
  title: 'Service',
  type: 'document',
  fields: [
    defineField({
      name: 'name',
      type: 'string',
      validation: (rule) => rule.required().regex(patterns.service),
    }),
    defineField({
      name: 'description',
      type: 'string',
      validation: (rule) => rule.max(limits.line),
    }),
    defineField({
      name: 'pagerdutyId',
      title: 'PagerDuty id',
      type: 'string',
      validation: (rule) => rule.regex(patterns.pagerduty),
    }),
    managedBy,
  ],
});

/** For `schema: { types: schemaTypes }` in sanity.config.ts. */
export const schemaTypes = [runbookType, pastIncidentType, serviceType];
