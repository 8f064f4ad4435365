import type { RequestTemplate } from '../domain/request-template.ts';
import type { PolicyFile } from './schema/policy.ts';

export function toRequestTemplates(
  entries: PolicyFile['requestTemplates'],
): readonly RequestTemplate[] {
  return (entries ?? []).map(({ code, name, nameEn, departments = [], kind, fields }) => ({
    code,
    name: { 'zh-CN': name, en: nameEn },
    departmentCodes: departments,
    kind,
    fields,
  }));
}

/** The inverse of `toRequestTemplates`. */
export function requestTemplateEntriesOf(
  templates: readonly RequestTemplate[],
): Pick<PolicyFile, 'requestTemplates'> {
  if (templates.length === 0) return {};
  return {
    requestTemplates: templates.map(({ code, name, departmentCodes, kind, fields }) => ({
      code,
      name: name['zh-CN'],
      nameEn: name.en,
      ...(departmentCodes.length === 0 ? {} : { departments: [...departmentCodes] }),
      kind,
      fields: { ...fields },
    })),
  };
}
