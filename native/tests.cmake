# Each file of Tests/native is a program; exit status 0 is a pass. The header must stand alone as C99 and as C++17, with
# every compiler at hand.
set(tests ${CMAKE_CURRENT_SOURCE_DIR}/../Tests/native)
set(environment
  MINIRACER_LIBRARY=$<TARGET_FILE:miniracer>
  MINIRACER_HEADER=${CMAKE_CURRENT_SOURCE_DIR}/include/miniracer.h
  MINIRACER_ABI_LIST=${CMAKE_CURRENT_SOURCE_DIR}/abi/abi.txt
  # The reasons are in the files.
  LSAN_OPTIONS=suppressions=${tests}/lsan.supp:print_suppressions=0
  TSAN_OPTIONS=suppressions=${tests}/tsan.supp:print_suppressions=0:die_after_fork=0:history_size=4
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  ASAN_OPTIONS=$ENV{ASAN_OPTIONS})
file(GLOB programs CONFIGURE_DEPENDS ${tests}/*.c ${tests}/*.cc)
foreach(program IN LISTS programs)
  cmake_path(GET program STEM name)
  add_executable(test_${name} ${program})
  set_target_properties(test_${name} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF CXX_STANDARD 17)
  target_compile_options(test_${name} PRIVATE -pedantic)
  target_compile_definitions(test_${name} PRIVATE _POSIX_C_SOURCE=200809L)
  target_link_libraries(test_${name} miniracer Threads::Threads ${CMAKE_DL_LIBS} m)
  # libnode's own dependencies are found by the library's rpath, but the linker wants to see them too.
  target_link_options(test_${name} PRIVATE LINKER:-rpath-link,${V8_LIBRARY_DIR})
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 ENVIRONMENT "${environment}")
endforeach()

set(header ${CMAKE_CURRENT_SOURCE_DIR}/include/miniracer.h)
foreach(compiler gcc clang)
  find_program(found_${compiler} ${compiler} HINTS ${MINIRACER_CLANG_DIR})
  if(NOT found_${compiler})
    continue()
  endif()
  foreach(language "c c99" "c++ c++17")
    string(REPLACE " " ";" pair ${language})
    list(GET pair 0 as)
    list(GET pair 1 standard)
    add_test(NAME header_${compiler}_${standard} COMMAND ${found_${compiler}} -x ${as} -std=${standard} -fsyntax-only
      -Wall -Wextra -pedantic -Werror -include ${header} /dev/null)
  endforeach()
endforeach()
