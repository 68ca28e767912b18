/** What a full disk is called by whom it hurts. */
export const DISK =
  /no space left|ENOSPC|disk (?:is )?full|could not extend file|MISCONF|not able to persist/i;

/** What Redis and PostgreSQL say of their own disk, whoever passes it on. */
export const OF_SERVERS_DISK =
  /MISCONF|(?:not able|unable) to persist|could not (?:extend|write to|create) file "/i;

/** Python and Ruby try to write before they take a folder for temporary files; others may have closed all of them, too. */
export const NO_TEMPORARY_FOLDER = /no usable temporary directory|could not find a temporary directory/i;

/** What a program says when it meets the limit. */
export const LIMIT_WORDS: Readonly<Record<string, RegExp>> = {
  'disk-full': DISK,
  'file-descriptors-exhausted': /too many open files|EMFILE|ENFILE/i,
  'tasks-exhausted': /start new thread|native thread|Errno 11\]|Resource temporarily unavailable/i,
  'kernel-table-full': /cannot assign requested address|EADDRNOTAVAIL|errno 99/i,
};
