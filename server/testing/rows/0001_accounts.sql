-- What a database of release 1 holds: two people, a session with the token of its cookie, a letter on its way.

insert into spaces (id, kind, rev) values
  ('01980000-0000-7000-8000-000000000001', 'personal', 3),
  ('01980000-0000-7000-8000-000000000002', 'personal', 1);

-- Ada's password is "correct horse battery staple". Grace has not verified her address, and chose no password.
insert into accounts (id, email, email_verified_at, password_hash, name, language, time_zone, theme, rev) values
  ('01980000-0000-7000-8000-000000000001', 'ada@example.org', now(),
    '$argon2id$v=19$m=19456,t=2,p=1$bRIrDo11+C0Zzk00ilke+3wzbrAElNVdqs4a8aSwmDM$4LgLRrLO02fEV8d5R2QeLQi9MH2fPx7erjAqe/3NafE',
    'Ada Łovelace', 'fr', 'Europe/Paris', 'dark', 3),
  ('01980000-0000-7000-8000-000000000002', 'grace@example.org', null, null, 'Grace', 'en', 'UTC', 'system', 1);

-- The secret of its tokens is 16 times the byte 7; its one token ends in 32 times the byte 9.
insert into sessions (id, account_id, user_agent, address, refresh_family) values
  ('01980000-0000-7000-8000-00000000000e', '01980000-0000-7000-8000-000000000001', 'A browser', '192.0.2.1',
    '\xd761d406af2a4a5a15f67c924378ed88d1f85c13f1a37fc7366f59789b3bcd65');
insert into refresh_tokens (hash, session_id, generation) values
  ('\x6a5a83ba63d19b6b4ccc99dc58eafa4cc0458c50bef351eaf1ca26189c78ed33', '01980000-0000-7000-8000-00000000000e', 1);

insert into letter_tokens (hash, account_id, purpose, email, expires_at) values
  (sha256('a token'), '01980000-0000-7000-8000-000000000002', 'verify-email', 'grace@example.org', now() + interval '1 day');

insert into limits (bucket, arrival) values ('sign-ins:192.0.2.1/32', now());
