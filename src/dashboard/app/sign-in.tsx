import { type FormEvent, useState } from 'react';
import { PAGE } from '../data/page.ts';
import { asProblem } from '../data/problem.ts';
import { Button } from '../parts/basics/button.tsx';
import { TextField } from '../parts/forms/field.tsx';
import { Mark } from './mark.tsx';
import { signInByKey } from './session.ts';
import css from './sign-in.module.css';

interface SignInProps {
  /** Why the one-time link did not do it; null where none was opened. */
  readonly linkError: unknown;
  /** Whether pages lie below, as they were when the session ended. */
  readonly isOver: boolean;
  readonly onSignedIn: () => void;
}

/** Signs in by a key. A portal is opened by its link only, so there it says where links come from. */
export function SignIn({ linkError, isOver, onSignedIn }: SignInProps) {
  return (
    <main className={isOver ? `${css.stage} ${css.over}` : css.stage}>
      <div className={css.card}>
        <h1 className={css.brand}>
          <Mark size={28} />
          {PAGE.door === 'portal' ? 'This page is opened by a link' : 'Sign in to Posthorn'}
        </h1>
        {linkError === null ? null : (
          <p role="alert">
            {asProblem(linkError).message} {asProblem(linkError).code === 'code_unknown' ? '' : 'Try again.'}
          </p>
        )}
        {PAGE.door === 'portal' ? (
          <p className={css.soft}>
            Your link has been used, has expired or was taken back. Ask for another where you found it.
          </p>
        ) : (
          <KeyForm isOver={isOver} onSignedIn={onSignedIn} />
        )}
      </div>
    </main>
  );
}

function KeyForm({ isOver, onSignedIn }: Pick<SignInProps, 'isOver' | 'onSignedIn'>) {
  const [key, setKey] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await signInByKey(key.trim());
      onSignedIn();
    } catch (error) {
      setFault(asProblem(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={css.form} onSubmit={submit}>
      {isOver ? <p className={css.soft}>Your session is over. What you had open is kept below.</p> : null}
      <TextField
        label="API key"
        type="password"
        name="key"
        autoComplete="current-password"
        autoFocus
        required
        value={key}
        onChange={(event) => setKey(event.target.value)}
        fault={fault}
        hint="The operator’s key or a customer’s. The browser gets a cookie that no script can read, for twelve hours."
      />
      <Button type="submit" look="primary" refusal={isBusy ? 'Signing in' : null}>
        Sign in
      </Button>
      <p className={css.soft}>
        <code>npm start</code> prints a link that signs you in, and the key.
      </p>
    </form>
  );
}
