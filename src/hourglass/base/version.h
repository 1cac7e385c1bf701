// The program's version.
#pragma once

namespace hourglass {

/// "0.1.0", as `hourglass --version` prints it and files record it.
const char* version();

}  // namespace hourglass
