import postgres from 'postgres';
import { copyText } from '../../db/copy-text.ts';
import type { CrmAssignment, CrmCustomer } from './consequences.ts';
import { openCopy } from './copy-target.ts';
import type { Rulebook } from './rulebook.ts';

/**
 * The marketing department's own platform: fewer customers than the CRM, known by the CRM's number, and lists of its own
 * naming. sources.yaml says which tag of the dictionary each list is.
 */
const audiences = [
  { id: 1, title: '高价值人群', tagCode: 'high-value' },
  { id: 2, title: '禁止触达', tagCode: 'blacklist' },
  { id: 3, title: '勿扰名单', tagCode: 'do-not-disturb' },
  { id: 4, title: '短信首选', tagCode: 'prefer-sms' },
  { id: 5, title: '邮件首选', tagCode: 'prefer-email' },
  { id: 6, title: 'App 用户', tagCode: 'app-user' },
] as const;

/** As its entry in sources.yaml is called. */
export const marketingSourceCode = 'marketing';

const audienceIds = new Map<string, number>(audiences.map(({ id, tagCode }) => [tagCode, id]));

/** Whether the platform has a list for a tag of the dictionary. */
export function hasAudience(tagCode: string): boolean {
  return audienceIds.has(tagCode);
}

/** Of a customer's tags in the CRM those that the platform has as well where the two agree. */
export function agreed(
  customer: Pick<CrmCustomer, 'assignments'>,
  rulebook: Rulebook,
): readonly CrmAssignment[] {
  return customer.assignments.filter(({ tag }) => hasAudience(codeOf(tag, rulebook)));
}

export function codeOf(tag: CrmAssignment['tag'], { tags }: Rulebook): string {
  return tag.kind === 'dictionary' ? (tags[tag.place]?.code ?? '') : '';
}

const marketingTables = `
create schema marketing;
create table marketing.contact (
  member_no text not null,
  nickname text not null,
  updated_at timestamptz not null default now()
);
create table marketing.audience (
  id integer primary key,
  title text not null unique
);
create table marketing.audience_member (
  member_no text not null,
  audience_id integer not null,
  joined_at timestamptz,
  added_by text,
  upload text,
  updated_at timestamptz not null default now()
);
create table marketing.departure (
  member_no text not null,
  left_at timestamptz not null default now()
);
`;

/** Made after the rows are loaded. */
const marketingConstraints = `
alter table marketing.contact add primary key (member_no);
alter table marketing.audience_member add primary key (member_no, audience_id);
alter table marketing.audience_member
  add foreign key (member_no) references marketing.contact on delete cascade;
alter table marketing.audience_member add foreign key (audience_id) references marketing.audience;
create index on marketing.contact (updated_at);
create index on marketing.audience_member (updated_at);
create index on marketing.departure (left_at);

create function marketing.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;
create trigger touch before update on marketing.contact
  for each row execute function marketing.touch();
create trigger touch before update on marketing.audience_member
  for each row execute function marketing.touch();

create function marketing.log_departure() returns trigger language plpgsql as $$
begin
  insert into marketing.departure (member_no, left_at) values (old.member_no, clock_timestamp());
  return old;
end $$;
create trigger log_departure after delete on marketing.contact
  for each row execute function marketing.log_departure();
create trigger log_departure after delete on marketing.audience_member
  for each row execute function marketing.log_departure();
`;

export interface MarketingWriter {
  add(ref: string, assignments: readonly CrmAssignment[]): Promise<void>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** Makes the platform's schema in a database that has none; its customers are added one by one. */
export async function openMarketing(
  url: string,
  { rulebook, nowMs }: { readonly rulebook: Rulebook; readonly nowMs: number },
): Promise<MarketingWriter> {
  const connect = () => postgres(url, { max: 1, onnotice: () => {} });
  const [main, forContacts, forMembers] = [connect(), connect(), connect()];
  await main.unsafe(marketingTables);
  await main`insert into marketing.audience ${main(audiences.map(({ id, title }) => ({ id, title })))}`;
  const contacts = await openCopy(forContacts, 'marketing.contact');
  const members = await openCopy(forMembers, 'marketing.audience_member');
  const updatedAt = new Date(nowMs - dayMs).toISOString();
  return {
    add: async (ref, assignments) => {
      await contacts.write(`${ref}\t会员${ref}\t${updatedAt}\n`);
      for (const { tag, sinceSeconds, actor, importBatch } of assignments) {
        const since = sinceSeconds === null ? null : new Date(sinceSeconds * 1_000).toISOString();
        const cells = [since, actor, importBatch].map((cell) =>
          cell === null ? '\\N' : copyText(cell),
        );
        const audienceId = audienceIds.get(codeOf(tag, rulebook));
        await members.write(`${ref}\t${audienceId}\t${cells.join('\t')}\t${updatedAt}\n`);
      }
    },
    finish: async () => {
      await contacts.finish();
      await members.finish();
      await main.unsafe(marketingConstraints);
      await main.unsafe('analyze marketing.contact, marketing.audience_member');
    },
    close: async () => {
      await Promise.all([main, forContacts, forMembers].map((sql) => sql.end({ timeout: 0 })));
    },
  };
}
