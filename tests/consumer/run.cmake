# Installs the library from BUILD into a folder under WORK, builds the project in SOURCE against it and runs it.
# Nothing of the build tree or the source tree is on the consumer's paths.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed (${status}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

step("Installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
step("Configuring the consumer" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B ${WORK}/build
  -D CMAKE_PREFIX_PATH=${WORK}/prefix -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS}
  -D CMAKE_BUILD_TYPE=${BUILD_TYPE})
step("Building the consumer" ${CMAKE_COMMAND} --build ${WORK}/build)
step("Running the consumer" ${WORK}/build/consumer)
message(STATUS "${output}")
