# hourglass_module(NAME USES module... LINKS library... PRIVATE library...)
#
# One folder of src/ becomes one static library, hourglass_NAME. Every .cpp in it belongs to the library, except
# those ending in _test.cpp, which together become the test program NAME_test. USES names the modules whose
# headers it may include: nothing else is on its include path's link line, so a circle does not configure.

add_library(hourglass_flags INTERFACE)
target_compile_options(hourglass_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough
  # The same sums on every compiler: a multiply and an add stay two roundings unless a kernel asks for one.
  -ffp-contract=off
  $<$<BOOL:${HOURGLASS_WERROR}>:-Werror>)

# hourglass_discover_tests(PROGRAM)
#
# Makes a ctest test of every test in a GoogleTest program. Those with "Slow" in their suite's or their own name get
# the label `slow`: `ctest -LE slow` leaves them out, as script/test does without --all.
function(hourglass_discover_tests program)
  # Two properties, because gtest_discover_tests takes a list of variables apart.
  set(environment ENVIRONMENT "HOURGLASS_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
                  ENVIRONMENT_MODIFICATION "HOURGLASS_PROGRAM=set:${PROJECT_BINARY_DIR}/hourglass")
  gtest_discover_tests(${program} TEST_FILTER "-*Slow*" DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 600 ${environment})
  gtest_discover_tests(${program} TEST_FILTER "*Slow*" DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 1800 ${environment} LABELS slow)
endfunction()

function(hourglass_module name)
  cmake_parse_arguments(arg "" "" "USES;LINKS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  # All modules that this one may include, those of its own modules too; tests/layers.cmake reads the list.
  set(reachable ${arg_USES})
  foreach(module ${arg_USES})
    get_property(further GLOBAL PROPERTY HOURGLASS_LAYERS_${module})
    list(APPEND reachable ${further})
  endforeach()
  list(REMOVE_DUPLICATES reachable)
  set_property(GLOBAL PROPERTY HOURGLASS_LAYERS_${name} ${reachable})
  list(JOIN reachable "|" alternatives)
  set_property(GLOBAL APPEND_STRING PROPERTY HOURGLASS_LAYERS "${name} ${name}|${alternatives}\n")

  list(TRANSFORM arg_USES PREPEND hourglass_ OUTPUT_VARIABLE modules)
  set(target hourglass_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:hourglass_flags> ${arg_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(hourglass::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/hourglass>)
  target_link_libraries(${target} ${scope} ${modules} ${arg_LINKS})

  install(TARGETS ${target} EXPORT hourglass ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hourglass FILES_MATCHING PATTERN "*.h"
          PATTERN "*_test.h" EXCLUDE)

  if(HOURGLASS_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} hourglass_flags GTest::gmock_main)
    hourglass_discover_tests(${name}_test)
  endif()
endfunction()
