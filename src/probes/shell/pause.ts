/**
 * Time between two samples of a counter. Long enough to tell 5 % of a core from none (the kernel counts ticks of
 * 10 ms) and to see three periods of a CPU quota (100 ms each), short enough for an answer within half a second. A
 * shell whose `sleep` knows no fractions waits a whole second; every probe that samples measures the real time by
 * /proc/uptime.
 */
export const PAUSE = 'sleep 0.3 2>/dev/null || sleep 1';

/** Prints `up SECONDS IDLE`, by a built-in. */
export const UPTIME = 'read -r up </proc/uptime && echo "up $up"';

/** The number in a line that `UPTIME` printed. */
export const uptimeOf = (line: string): number => Number(line.split(' ')[1]);
