// The message of an Error, for tests.
#pragma once

#include <string>

#include "hourglass/base/error.h"

namespace hourglass {

/// The text of the Error that `f` throws; "no error" if it throws none.
template <typename F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace hourglass
