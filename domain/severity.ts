/** How bad a conflict is, mildest last: high 严重, medium 警告, low 提醒. */
export const severities = ['high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];
