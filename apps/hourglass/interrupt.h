// Ctrl-C, SIGTERM and the SIGHUP of a terminal that closes, asked for politely: the first sets a
// flag, the second ends the process at once.
#pragma once

namespace hourglass::cli {

/// From here on SIGINT, SIGTERM and SIGHUP only set the flag below, until one comes a second time,
/// which ends the process at once with status 130, 143 or 129. A SIGHUP that was ignored, as nohup
/// has it, stays so.
void catch_interrupts();

/// Whether one came. May be asked on any thread.
bool interrupted();

/// The exit status of a process that was interrupted: 130 (SIGINT), 143 (SIGTERM) or 129 (SIGHUP);
/// 0 if none came.
int interrupt_status();

}  // namespace hourglass::cli
