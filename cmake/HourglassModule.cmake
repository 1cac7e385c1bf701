# hourglass_module(NAME [THREADS] USES module... LINKS library... PRIVATE library... WITHOUT file... SEQUENTIAL pattern...)
#
# One folder of src/hourglass/ becomes one library, hourglass_NAME. Every .cpp in it belongs to the library, except those
# named after WITHOUT and those ending in _test.cpp, which together become the test program NAME_test. USES names the modules whose
# headers it may include: nothing else is on its include path's link line, so a circle does not configure. THREADS says
# that its tests run threads: the thread sanitizer is for them.

# False alarms of g++ 13 and later: for a function that takes a temporary string or view and returns a reference to
# something else.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-Wdangling-reference HOURGLASS_KNOWS_DANGLING)
if(HOURGLASS_KNOWS_DANGLING)
  set(HOURGLASS_NO_DANGLING -Wno-dangling-reference)
endif()

# Eigen fuses multiplications and additions where this macro says that the processor can: on ARM, and not on x86.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(HOURGLASS_NO_FUSING -U__ARM_FEATURE_FMA)
endif()

add_library(hourglass_flags INTERFACE)
target_compile_options(hourglass_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough
  # The same sums on every compiler: a multiply and an add stay two roundings unless a kernel asks for one.
  -ffp-contract=off
  ${HOURGLASS_NO_FUSING}
  ${HOURGLASS_NO_DANGLING}
  $<$<BOOL:${HOURGLASS_WERROR}>:-Werror>)

# For the test programs and the command line, whose speed is not what anybody waits for: HOURGLASS_QUICK_FLAGS come
# after the build type's, so that -O1 there is what counts.
add_library(hourglass_quick_flags INTERFACE)
separate_arguments(quick_flags UNIX_COMMAND "${HOURGLASS_QUICK_FLAGS}")
target_compile_options(hourglass_quick_flags INTERFACE ${quick_flags})

# What the thread sanitizer's build is asked for: the test programs in which threads of ours run.
add_custom_target(hourglass_threads)

# hourglass_add_tests(PROGRAM [THREADS] [SHARDS N] [SEQUENTIAL pattern...])
#
# Makes one ctest test, PROGRAM, of all fast tests of a GoogleTest program, which run in one process, and one,
# PROGRAM.slow, of those with "Slow" in their suite's or their own name. Each leaves what became of every single test in
# results/NAME.xml, which script/summary reads. SHARDS cuts both into N processes that may run side by side. THREADS
# gives the label `threads`; tests whose names match a SEQUENTIAL pattern tell nothing about threads and are left out
# under the thread sanitizer, where they would take long. Slow ones have the label `slow`: `ctest -LE slow` leaves them out.
function(hourglass_add_tests program)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADS" "SHARDS" "SEQUENTIAL")
  if(NOT arg_SHARDS)
    set(arg_SHARDS 1)
  endif()
  if(arg_THREADS)
    add_dependencies(hourglass_threads ${program})
  endif()
  set(left_out "")
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
    list(JOIN arg_SEQUENTIAL ":" left_out)
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(kind fast slow)
    set(filter "-*Slow*:${left_out}")
    set(labels "")
    set(suffix "")
    if(kind STREQUAL slow)
      set(filter "*Slow*")
      set(labels slow)
      set(suffix ".slow")
    endif()
    if(arg_THREADS)
      list(APPEND labels threads)
    endif()
    foreach(shard RANGE ${last})
      set(name ${program}${suffix})
      if(last GREATER 0)
        set(name ${program}${suffix}.${shard})
      endif()
      add_test(NAME ${name} COMMAND ${program} --gtest_filter=${filter}
        --gtest_output=xml:${PROJECT_BINARY_DIR}/results/${name}.xml)
      # The leaks of others' libraries that are passed over (src/hourglass/figures/save.cpp) would be listed among a program's errors.
      # One test forks while threads run.
      # The programs in several processes take longest and are begun with.
      set_tests_properties(${name} PROPERTIES TIMEOUT 1800 LABELS "${labels}" COST ${arg_SHARDS}
        ENVIRONMENT "HOURGLASS_SOURCE_DIR=${PROJECT_SOURCE_DIR};GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard};ASAN_OPTIONS=print_suppressions=0;TSAN_OPTIONS=die_after_fork=0"
        ENVIRONMENT_MODIFICATION "HOURGLASS_PROGRAM=set:${PROJECT_BINARY_DIR}/hourglass")
    endforeach()
  endforeach()
endfunction()

function(hourglass_module name)
  cmake_parse_arguments(arg "THREADS" "" "USES;LINKS;PRIVATE;WITHOUT;SEQUENTIAL" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM arg_WITHOUT PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(REMOVE_ITEM sources ${arg_WITHOUT})
  list(REMOVE_ITEM tests ${arg_WITHOUT})

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
    add_library(${target} ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:hourglass_flags> ${arg_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(hourglass::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} ${scope} ${modules} ${arg_LINKS})

  install(TARGETS ${target} EXPORT hourglass)
  install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hourglass FILES_MATCHING PATTERN "*.h"
          PATTERN "*_test.h" EXCLUDE PATTERN "impl" EXCLUDE)

  if(HOURGLASS_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} hourglass_flags hourglass_quick_flags GTest::gmock_main)
    target_precompile_headers(${name}_test REUSE_FROM hourglass_test_headers)
    set(threads "")
    if(arg_THREADS)
      set(threads THREADS)
    endif()
    hourglass_add_tests(${name}_test ${threads} SEQUENTIAL ${arg_SEQUENTIAL})
  endif()
endfunction()
