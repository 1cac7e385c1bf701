# A toolchain file: the newest clang that is there. Debian calls one clang++ and those of other versions clang++-NUMBER.
if(NOT CMAKE_CXX_COMPILER)
  foreach(number RANGE 40 14 -1)
    list(APPEND names clang++-${number})
  endforeach()
  find_program(HOURGLASS_CLANG NAMES ${names} clang++ REQUIRED)
  set(CMAKE_CXX_COMPILER ${HOURGLASS_CLANG})
endif()
