// Ctrl-C, SIGTERM, and the SIGHUP of a terminal that closes: the first signal sets a flag, the
// second ends the process at once.
#pragma once

namespace hourglass::cli {

/// From now on the first SIGINT, SIGTERM or SIGHUP only sets the flag below; the second ends the
/// process at once with status 130, 143 or 129. An ignored SIGHUP, as under nohup, stays ignored.
void catch_interrupts();

/// Whether a signal came. Safe on any thread.
bool interrupted();

/// The exit status of a process that was interrupted: 130 (SIGINT), 143 (SIGTERM) or 129 (SIGHUP);
/// 0 if none came.
int interrupt_status();

}  // namespace hourglass::cli
