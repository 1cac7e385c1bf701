# Installs the library from BUILD into a folder under WORK, builds the projects in SOURCE against it, by CMake and by
# pkg-config, and runs them. Nothing of the build tree or the source tree is on their paths.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(step what)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed (${status}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(build name source)
  step("Configuring ${name}" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${source} -B ${WORK}/${name}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS}
    -D CMAKE_BUILD_TYPE=${BUILD_TYPE} -D README=${README})
  step("Building ${name}" ${CMAKE_COMMAND} --build ${WORK}/${name})
endfunction()

# At most `most` shared libraries, counted as the loader does, its own and the kernel's left out.
function(expect_libraries program most)
  step("Listing the libraries of ${program}" ldd ${program})
  string(REGEX MATCHALL "=>" libraries "${output}")
  list(LENGTH libraries count)
  message(STATUS "${program} needs ${count} shared libraries, at most ${most}")
  if(count GREATER most)
    message(FATAL_ERROR "${program} needs ${count} shared libraries, more than ${most}:\n${output}")
  endif()
endfunction()

step("Installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
file(GLOB_RECURSE descriptions ${WORK}/prefix/*.cmake ${WORK}/prefix/*.pc)
foreach(description ${descriptions})
  file(STRINGS ${description} absolute REGEX "(^|[^}A-Za-z.])/(usr|home|root|tmp|opt|[a-z]+)/[a-z]")
  if(absolute)
    message(FATAL_ERROR "${description} names a path of this machine: ${absolute}")
  endif()
endforeach()

build(all ${SOURCE})
step("Running the README's example" ${WORK}/all/ten_lines)
step("Running the example of errors" ${WORK}/all/errors)
message(STATUS "${output}")

build(core ${SOURCE}/core)
step("Running the example of the core" ${WORK}/core/core)
message(STATUS "${output}")
step("Asking pkg-config" ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${WORK}/prefix/${LIBDIR}/pkgconfig
  pkg-config --cflags --libs hourglass-core)
separate_arguments(flags UNIX_COMMAND "${FLAGS} -std=c++20 ${SOURCE}/core/core.cpp ${output}")
step("Building by pkg-config" ${COMPILER} ${flags} -o ${WORK}/by_pkg_config)
step("Running what pkg-config built" ${WORK}/by_pkg_config)

if(NOT FLAGS MATCHES "-fsanitize")  # a sanitizer brings its own
  expect_libraries(${WORK}/core/core 6)
  # Twenty starts, in processor seconds, the best of five rounds: other work on the machine disturbs these less.
  set(least 1000)
  foreach(round RANGE 1 5)
    step("Starting the core" bash -c "TIMEFORMAT='%U %S'\ntime for i in {1..20}\ndo ./core/core start\ndone")
    string(REGEX MATCH "([0-9]+)[.]([0-9]+) ([0-9]+)[.]([0-9]+)" found "${output}")
    math(EXPR milliseconds
      "(1${CMAKE_MATCH_2} + 1${CMAKE_MATCH_4} - 2000 + 1000 * (${CMAKE_MATCH_1} + ${CMAKE_MATCH_3})) / 20")
    if(milliseconds LESS least)
      set(least ${milliseconds})
    endif()
  endforeach()
  message(STATUS "the core starts in ${least} ms, at most 5")
  if(least GREATER 5)
    message(FATAL_ERROR "a program with the core alone starts in ${least} ms, more than 5")
  endif()
  if(EXISTS ${WORK}/prefix/bin/hourglass)
    expect_libraries(${WORK}/prefix/bin/hourglass 30)
  endif()
endif()
