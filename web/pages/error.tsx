import { BarePage, Page } from '../layout.tsx';
import type { SignedIn, Visitor } from '../visitor.ts';

/** Says in words what did not work; never why in the machine's terms. */
export function ErrorPage(props: {
  readonly visitor: Visitor;
  readonly signedIn: SignedIn | undefined;
  readonly title: string;
  readonly text: string;
  /** To find the log line by. */
  readonly reference?: string;
}) {
  const content = (
    <section class="panel">
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      {props.reference !== undefined && (
        <p>
          <code>{props.reference}</code>
        </p>
      )}
      <p>
        <a href="/">{props.visitor.texts.nav.inbox}</a>
      </p>
    </section>
  );
  return props.signedIn === undefined ? (
    <BarePage visitor={props.visitor} title={props.title}>
      {content}
    </BarePage>
  ) : (
    <Page visitor={props.signedIn} title={props.title} area={null}>
      {content}
    </Page>
  );
}
