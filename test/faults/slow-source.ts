import type postgres from 'postgres';

/** Makes the sample CRM one that can be so slow with single customers that a write comes to no end until released. */
export async function prepareSlowness(crm: postgres.Sql): Promise<void> {
  await crm.unsafe(`
    create table crm.held (customer_id bigint);
    create function crm.wait_while_held() returns trigger language plpgsql as $$
    begin
      while exists (select from crm.held where customer_id = old.customer_id) loop
        perform pg_sleep(0.05);
      end loop;
      return old;
    end $$;
    create trigger wait_while_held before delete on crm.customer_tag
      for each row execute function crm.wait_while_held();`);
}

/** Slow from now on with the customer of this ref. */
export async function slowDown(crm: postgres.Sql, customerRef: string): Promise<void> {
  await crm`insert into crm.held values (${customerRef})`;
}

/** Whether a write has come to a customer that is held up. */
export async function isHeldUp(crm: postgres.Sql): Promise<boolean> {
  const waiting = await crm`
    select from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'`;
  return waiting.length > 0;
}

export async function speedUp(crm: postgres.Sql): Promise<void> {
  await crm`delete from crm.held`;
}
