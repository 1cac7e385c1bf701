# What nearly every test includes, parsed once for all test programs that are compiled with the same flags. Not by g++ 12:
# it takes what a precompiled header holds for our own and warns of the standard library.
file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cpp "int main() {}\n")
add_executable(hourglass_test_headers ${PROJECT_BINARY_DIR}/test_headers.cpp)
target_link_libraries(hourglass_test_headers PRIVATE
  hourglass_flags hourglass_quick_flags GTest::gmock fmt::fmt nlohmann_json::nlohmann_json)
target_precompile_headers(hourglass_test_headers PRIVATE
  <gmock/gmock.h> <nlohmann/json.hpp> <fmt/format.h> <algorithm> <filesystem> <map> <ranges> <span> <string> <vector>)
if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
