/** An ordinary CRM of somebody else: numeric ids, its own tag list, one row per assignment, deletions logged by trigger. */
export const crmTables = `
create schema crm;
create table crm.customer (
  id bigint primary key,
  name text not null,
  region text,
  channel text not null,
  is_company boolean,
  registered_at timestamptz not null,
  last_order_at timestamptz,
  birthday_at date,
  spend_12m numeric(14, 2),
  orders_12m integer,
  complaints_6m integer,
  overdue_days integer,
  logins_30d integer,
  risk_score numeric(5, 2),
  updated_at timestamptz not null default now()
);
create table crm.tag (
  id bigint primary key,
  code text not null,
  name text not null
);
create table crm.customer_tag (
  customer_id bigint not null,
  tag_id bigint not null,
  tagged_at timestamptz,
  tagged_by text,
  import_batch text,
  updated_at timestamptz not null default now()
);
create table crm.deletion_log (
  customer_id bigint not null,
  tag_id bigint,
  deleted_at timestamptz not null default now()
);
`;

/** Made after the rows are loaded, since that is several times faster. */
export const crmConstraints = `
alter table crm.tag add unique (code);
alter table crm.customer_tag add primary key (customer_id, tag_id);
alter table crm.customer_tag add foreign key (customer_id) references crm.customer on delete cascade;
alter table crm.customer_tag add foreign key (tag_id) references crm.tag;
create index on crm.customer (updated_at);
create index on crm.customer_tag (updated_at);
create index on crm.deletion_log (deleted_at);

create function crm.touch() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;
create trigger touch before insert or update on crm.customer for each row execute function crm.touch();
create trigger touch before insert or update on crm.customer_tag for each row execute function crm.touch();

create function crm.log_customer_deletion() returns trigger language plpgsql as $$
begin
  insert into crm.deletion_log (customer_id, deleted_at) values (old.id, clock_timestamp());
  return old;
end $$;
create trigger log_deletion after delete on crm.customer
  for each row execute function crm.log_customer_deletion();

create function crm.log_tag_deletion() returns trigger language plpgsql as $$
begin
  insert into crm.deletion_log (customer_id, tag_id, deleted_at)
  values (old.customer_id, old.tag_id, clock_timestamp());
  return old;
end $$;
create trigger log_deletion after delete on crm.customer_tag
  for each row execute function crm.log_tag_deletion();
`;
