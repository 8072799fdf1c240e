# Each file of Tests/native is a program; exit status 0 is a pass. The header must stand alone as C99 and as C++17, with
# every compiler at hand.
set(tests ${CMAKE_CURRENT_SOURCE_DIR}/../Tests/native)
set(environment
  MINIRACER_LIBRARY=$<TARGET_FILE:miniracer>
  MINIRACER_HEADER=${CMAKE_CURRENT_SOURCE_DIR}/include/miniracer.h
  MINIRACER_ABI_LIST=${CMAKE_CURRENT_SOURCE_DIR}/abi/abi.txt
  # The reasons are in the files.
  LSAN_OPTIONS=suppressions=${tests}/lsan.supp:print_suppressions=0
  # V8 is not built with ThreadSanitizer: what its calls seem to do is nothing to go by, and its locks, which go through
  # functions of ours, would overflow the list of those that a thread holds, which deadlocks are looked for with.
  TSAN_OPTIONS=suppressions=${tests}/tsan.supp:print_suppressions=0:die_after_fork=0:history_size=4:ignore_noninstrumented_modules=1:detect_deadlocks=0
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  ASAN_OPTIONS=$ENV{ASAN_OPTIONS})
# Where isolates die, what the frames owned that their threads jumped over stays behind, as does what threads own that
# stay for ever: those are no leaks to look for.
set(deadly "${environment};ASAN_OPTIONS=detect_leaks=0")
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
  if(name MATCHES "^(cut_off|deaths|once|remains|thread_ends|webassembly_threads)$")
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${deadly}")
  endif()
endforeach()

# The hostile suite: cases as data, each run in a process of its own. A test for each group of them; those labelled long
# are left to `./build.sh test hostile`.
set(hostile ${CMAKE_CURRENT_SOURCE_DIR}/../Tests/hostile)
set(hostile_scale 1)
if(MINIRACER_SANITIZE)
  set(hostile_scale 20)
endif()
file(GLOB runner CONFIGURE_DEPENDS ${hostile}/*.c)
if(runner)
  add_executable(miniracer_selftest ${runner})
  set_target_properties(miniracer_selftest PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  target_compile_options(miniracer_selftest PRIVATE -pedantic)
  target_compile_definitions(miniracer_selftest PRIVATE _GNU_SOURCE MINIRACER_HOSTILE_CASES="${hostile}"
    MINIRACER_LINKED_LIBRARY="$<TARGET_FILE:miniracer>")
  target_link_libraries(miniracer_selftest miniracer Threads::Threads ${CMAKE_DL_LIBS})
  target_link_options(miniracer_selftest PRIVATE LINKER:-rpath-link,${V8_LIBRARY_DIR})
  foreach(scale abc inf nan 0 -1 1e9)
    add_test(NAME selftest_scale_${scale} COMMAND miniracer_selftest --list)
    set_tests_properties(selftest_scale_${scale} PROPERTIES ENVIRONMENT "${environment};MINIRACER_SELFTEST_SCALE=${scale}"
      PASS_REGULAR_EXPRESSION "^MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not '${scale}'\n$")
  endforeach()
  file(GLOB groups CONFIGURE_DEPENDS ${hostile}/*.js)
  foreach(group IN LISTS groups ITEMS misuse)
    cmake_path(GET group STEM name)
    add_test(NAME hostile_${name} COMMAND miniracer_selftest --filter ${name}/)
    set_tests_properties(hostile_${name} PROPERTIES TIMEOUT 1800
      ENVIRONMENT "${deadly};MINIRACER_SELFTEST_SCALE=${hostile_scale}")
    if(NOT name MATCHES "^(stuck|confusion|misuse)$")
      set_tests_properties(hostile_${name} PROPERTIES LABELS long)
    endif()
  endforeach()
endif()

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
