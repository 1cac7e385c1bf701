// Ctrl-C and SIGTERM, asked for politely: the first sets a flag, the second ends the process at
// once.
#pragma once

namespace hourglass::cli {

/// From here on SIGINT and SIGTERM only set the flag below, until one comes a second time, which
/// ends the process at once with status 130 or 143.
void catch_interrupts();

/// Whether one came. May be asked on any thread.
bool interrupted();

/// The exit status of a process that was interrupted: 130 (SIGINT) or 143 (SIGTERM); 0 if none
/// came.
int interrupt_status();

}  // namespace hourglass::cli
