/* The cases in C are in two files; this is what they share. */
#ifndef MINIRACER_HOSTILE_MISUSE_H
#define MINIRACER_HOSTILE_MISUSE_H

#include "hostile.h"

/* In processes.c. */
void exit_while_running(void);
void exit_in_callback(void);
void exit_with_lock(void);
void fork_before_start(void);
void fork_after_start(void);
void fork_during_run(void);
void fork_in_callback(void);
void not_initialized(void);
void start_again_otherwise(void);
void unknown_flags(void);
void address_space_is_small(void);
void descriptors_are_gone(void);
void signals_are_blocked(void);
void signal_handler_of_host(void);
void two_copies(void);
void neighbour_of_loop(void);
void neighbour_of_stuck(void);
void neighbour_of_memory(void);
void neighbour_of_burst(void);
int process_failures(void);

#endif
