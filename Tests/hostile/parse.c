/* From a folder of files to a list of cases. */
#include <dirent.h>
#include <errno.h>
#include <miniracer.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

typedef struct word {
  const char *text;
  uint32_t number;
} word;

typedef struct unit {
  const char *text;
  uint64_t factor;
} unit;

static const word actions[] = {{"evaluate", ACTION_EVALUATE},
                               {"call", ACTION_CALL},
                               {"construct", ACTION_CONSTRUCT},
                               {"get", ACTION_GET},
                               {"set", ACTION_SET},
                               {"has", ACTION_HAS},
                               {"delete", ACTION_DELETE},
                               {"keys", ACTION_KEYS},
                               {"to_string", ACTION_TO_STRING},
                               {"json", ACTION_JSON},
                               {"graph", ACTION_GRAPH},
                               {"inspect", ACTION_INSPECT},
                               {"keep", ACTION_KEEP},
                               {"promise", ACTION_PROMISE},
                               {"turn", ACTION_TURN},
                               {"module", ACTION_MODULE},
                               {NULL, 0}};
static const word afters[] = {
    {"usable", AFTER_USABLE}, {"dead", AFTER_DEAD}, {"either", AFTER_EITHER}, {"full", AFTER_FULL}, {NULL, 0}};
static const word presets[] = {
    {"trusted", MINIRACER_PRESET_TRUSTED}, {"untrusted", MINIRACER_PRESET_UNTRUSTED}, {NULL, 0}};
static const word isolate_words[] = {{"no_eval", MINIRACER_ISOLATE_NO_EVAL},
                                     {"no_webassembly", MINIRACER_ISOLATE_NO_WEBASSEMBLY},
                                     {"no_shared_memory", MINIRACER_ISOLATE_NO_SHARED_MEMORY},
                                     {"explicit_microtasks", MINIRACER_ISOLATE_EXPLICIT_MICROTASKS},
                                     {"background_loop", MINIRACER_ISOLATE_BACKGROUND_LOOP},
                                     {NULL, 0}};
static const word context_words[] = {{"timers", MINIRACER_CONTEXT_TIMERS},
                                     {"console", MINIRACER_CONTEXT_CONSOLE},
                                     {"web", MINIRACER_CONTEXT_WEB},
                                     {NULL, 0}};
static const word init_words[] = {{"single_threaded", MINIRACER_INIT_SINGLE_THREADED},
                                  {"jitless", MINIRACER_INIT_JITLESS},
                                  {"no_signals", MINIRACER_INIT_NO_SIGNALS},
                                  {NULL, 0}};
static const unit times[] = {{"ms", 1000000}, {"s", 1000000000}, {NULL, 0}};
static const unit sizes[] = {{"B", 1}, {"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {NULL, 0}};
static const unit counts[] = {{"", 1}, {NULL, 0}};

/* Directives whose value is an amount. */
typedef struct amount {
  const char *name;
  const unit *units;
  const char *unlimited; /* the word for UNLIMITED, or NULL */
  size_t offset;
  uint32_t given;
} amount;

#define FIELD(name) offsetof(hostile_case, name)
static const amount amounts[] = {
    {"timeout", times, "none", FIELD(timeout), GIVEN_TIMEOUT}, {"cpu", times, "none", FIELD(cpu), GIVEN_CPU},
    {"grace", times, NULL, FIELD(grace), GIVEN_GRACE},         {"memory", sizes, "none", FIELD(memory), GIVEN_MEMORY},
    {"heap", sizes, "none", FIELD(heap), GIVEN_HEAP},          {"stack", sizes, "none", FIELD(stack), GIVEN_STACK},
    {"handles", counts, NULL, FIELD(handles), GIVEN_HANDLES},  {"timers", counts, NULL, FIELD(timers), GIVEN_TIMERS},
    {"modules", counts, NULL, FIELD(modules), GIVEN_MODULES},  {"console", sizes, NULL, FIELD(console), GIVEN_CONSOLE},
    {"clock", times, "frozen", FIELD(clock), GIVEN_CLOCK}};

static int find_word(const word *words, const char *text, size_t length, uint32_t *number) {
  for (; words->text != NULL; ++words) {
    if (strlen(words->text) == length && memcmp(words->text, text, length) == 0) {
      *number = words->number;
      return 1;
    }
  }
  return 0;
}

static int read_amount(const amount *kind, const char *text, uint64_t *value) {
  if (kind->unlimited != NULL && strcmp(text, kind->unlimited) == 0) {
    *value = UNLIMITED;
    return 1;
  }
  if (kind->offset == FIELD(clock) && strcmp(text, "none") == 0) {
    *value = 0;
    return 1;
  }
  if (*text < '0' || *text > '9') return 0;
  char *end;
  errno = 0;
  uint64_t number = strtoull(text, &end, 10);
  if (errno != 0) return 0;
  for (const unit *tried = kind->units; tried->text != NULL; ++tried) {
    if (strcmp(end, tried->text) == 0 && number < UNLIMITED / tried->factor) {
      *value = number * tried->factor;
      return 1;
    }
  }
  return 0;
}

static int read_options(hostile_case *made, const char *text) {
  while (1) {
    size_t length = strcspn(text, " ");
    uint32_t bit = 0;
    if (find_word(isolate_words, text, length, &bit)) {
      made->isolate_flags |= bit;
    } else if (find_word(context_words, text, length, &bit)) {
      made->context_flags |= bit;
    } else if (find_word(init_words, text, length, &bit)) {
      made->init_flags |= bit;
    } else {
      return 0;
    }
    if (text[length] == 0) return 1;
    text += length + 1;
  }
}

static int is_outcome(const char *text, size_t length) {
  static const char kinds[] = "ok,exception,";
  size_t word_length = 0;
  while (word_length < length && text[word_length] != ' ') ++word_length;
  if (word_length < length) {
    char first[16] = "";
    if (word_length > 9) return 0;
    memcpy(first, text, word_length);
    strcat(first, ",");
    return strstr(kinds, first) != NULL && word_length + 1 < length;
  }
  static const miniracer_status ranges[][2] = {{0, 0}, {100, 110}, {200, 201}, {300, 304}, {400, 403}, {500, 501}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i) {
    for (miniracer_status status = ranges[i][0]; status <= ranges[i][1]; ++status) {
      const char *name = miniracer_status_name(status);
      if (strlen(name) == length && memcmp(name, text, length) == 0) return 1;
    }
  }
  return 0;
}

static int are_outcomes(const char *text) {
  while (1) {
    const char *end = strstr(text, " or ");
    if (!is_outcome(text, end != NULL ? (size_t)(end - text) : strlen(text))) return 0;
    if (end == NULL) return 1;
    text = end + 4;
  }
}

/* NULL, or what is wrong. */
static const char *read_word(hostile_case *made, const char *name, const char *value) {
  uint32_t number = 0;
  if (strcmp(name, "why") == 0) {
    made->why = value;
  } else if (strcmp(name, "expect") == 0) {
    made->expect = value;
    if (!are_outcomes(value)) return "no such outcome";
  } else if (strcmp(name, "after") == 0) {
    if (!find_word(afters, value, strlen(value), &number)) return "no such state";
    made->after = (int)number;
    made->after_name = value;
  } else if (strcmp(name, "action") == 0) {
    if (!find_word(actions, value, strlen(value), &number)) return "no such action";
    made->action = (int)number;
  } else if (strcmp(name, "preset") == 0) {
    if (!find_word(presets, value, strlen(value), &made->preset)) return "no such preset";
  } else if (strcmp(name, "options") == 0) {
    if (!read_options(made, value)) return "no such option";
  } else {
    return "no such directive";
  }
  return NULL;
}

static const char *read_directive(hostile_case *made, const char *name, const char *value) {
  for (size_t i = 0; i < sizeof amounts / sizeof *amounts; ++i) {
    if (strcmp(name, amounts[i].name) != 0) continue;
    made->given |= amounts[i].given;
    return read_amount(&amounts[i], value, (uint64_t *)(void *)((char *)made + amounts[i].offset))
               ? NULL
               : "not such an amount";
  }
  return read_word(made, name, value);
}

static hostile_case defaults(const char *group, const char *name, int line) {
  hostile_case made;
  memset(&made, 0, sizeof made);
  made.group = group;
  made.name = name;
  made.line = line;
  made.after_name = "usable";
  made.timeout = UINT64_C(1000000000);
  made.grace = UINT64_C(250000000);
  made.cpu = made.heap = made.stack = UNLIMITED;
  made.memory = UINT64_C(128) << 20;
  return made;
}

static int add_case(hostile_cases *cases, const hostile_case *made) {
  for (int i = 0; i < cases->count; ++i) {
    if (strcmp(cases->list[i].name, made->name) == 0) return 0;
  }
  hostile_case *list = realloc(cases->list, (size_t)(cases->count + 1) * sizeof *list);
  if (list == NULL) return 0;
  cases->list = list;
  list[cases->count++] = *made;
  return 1;
}

static int is_name(const char *text) {
  return *text != 0 && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == 0;
}

/* Splits "//! name: value" in place; 0 where it is none. */
static int split_directive(char *line, char **name, char **value) {
  if (strncmp(line, "//! ", 4) != 0) return 0;
  char *colon = strstr(line, ": ");
  if (colon == NULL || colon == line + 4 || colon[2] == 0) return 0;
  *colon = 0;
  *name = line + 4;
  *value = colon + 2;
  return 1;
}

/* Where the reading of a file is. */
typedef struct reader {
  hostile_cases *cases;
  const char *group;
  char *next; /* the rest of the text */
  int line;
  const char *wrong;
} reader;

/* The next line, cut off from the rest, or NULL. */
static char *next_line(reader *reading) {
  if (*reading->next == 0) return NULL;
  char *line = reading->next, *end = strchr(line, '\n');
  reading->next = end != NULL ? end + 1 : line + strlen(line);
  if (end != NULL) *end = 0;
  ++reading->line;
  return line;
}

static int begins(const reader *reading, const char *prefix) {
  return strncmp(reading->next, prefix, strlen(prefix)) == 0;
}

/* One case, the line `//! case` being the next. */
static void read_case(reader *reading) {
  char *name, *value;
  uint32_t seen = 0;
  char *names[24];
  if (!split_directive(next_line(reading), &name, &value) || !is_name(value)) {
    reading->wrong = "not a name of a case";
    return;
  }
  hostile_case made = defaults(reading->group, value, reading->line);
  while (begins(reading, "//!") && reading->wrong == NULL && seen < 24) {
    if (!split_directive(next_line(reading), &name, &value)) {
      reading->wrong = "not a directive";
      return;
    }
    for (uint32_t i = 0; i < seen; ++i) {
      if (strcmp(names[i], name) == 0) reading->wrong = "a directive that was there before";
    }
    names[seen++] = name;
    const char *wrong = read_directive(&made, name, value);
    if (wrong != NULL) reading->wrong = wrong;
  }
  if (reading->wrong != NULL) return;
  char *body = reading->next, *end = body;
  while (*reading->next != 0 && !begins(reading, "//! case:")) {
    if (begins(reading, "//!")) {
      ++reading->line;
      reading->wrong = "a directive in a body";
      return;
    }
    end = strchr(reading->next, '\n');
    if (end == NULL) end = reading->next + strlen(reading->next);
    reading->next = *end != 0 ? end + 1 : end;
    ++reading->line;
  }
  made.body = body;
  if (made.expect == NULL || made.why == NULL || body == end) {
    reading->wrong = "a case without expect, why or body";
  } else if (*end != 0 && *reading->next != 0) {
    *end = 0; /* the newline before the next case */
  }
  if (reading->wrong == NULL && !add_case(reading->cases, &made)) reading->wrong = "a name that was there before";
}

static char *read_all(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return NULL;
  char *text = NULL;
  size_t length = 0;
  while (1) {
    char *larger = realloc(text, length + 65537);
    if (larger == NULL) break;
    text = larger;
    size_t count = fread(text + length, 1, 65536, file);
    length += count;
    text[length] = 0;
    if (count == 0) break;
  }
  fclose(file);
  return text;
}

static char *copy_of(const char *text, size_t length) {
  char *copy = calloc(length + 1, 1);
  if (copy != NULL) memcpy(copy, text, length);
  return copy;
}

static int read_file(const char *folder, const char *file, hostile_cases *cases) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  reader reading = {cases, copy_of(file, strlen(file) - 3), read_all(path), 0, NULL};
  if (reading.next == NULL) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 0;
  }
  while (*reading.next != 0 && !begins(&reading, "//! case:")) {
    char *line = next_line(&reading);
    if (*line != 0 && (strncmp(line, "//", 2) != 0 || line[2] == '!')) reading.wrong = "code before the first case";
    if (reading.wrong != NULL) break;
  }
  while (reading.wrong == NULL && *reading.next != 0) read_case(&reading);
  if (reading.wrong != NULL) fprintf(stderr, "%s:%d: %s\n", path, reading.line, reading.wrong);
  return reading.wrong == NULL; /* the text stays: cases point into it */
}

static int is_script(const struct dirent *entry) {
  size_t length = strlen(entry->d_name);
  return length > 3 && strcmp(entry->d_name + length - 3, ".js") == 0;
}

int read_cases(const char *folder, hostile_cases *cases) {
  struct dirent **entries;
  int count = scandir(folder, &entries, is_script, alphasort), right = count > 0;
  if (count <= 0) fprintf(stderr, "%s: no cases: %s\n", folder, count < 0 ? strerror(errno) : "no .js files");
  for (int i = 0; i < count; ++i) {
    if (!read_file(folder, entries[i]->d_name, cases)) right = 0;
    free(entries[i]);
  }
  if (count >= 0) free(entries);
  for (const hostile_case *misuse = misuse_cases; misuse->name != NULL; ++misuse) {
    hostile_case made = defaults("misuse", misuse->name, 0);
    made.why = misuse->why;
    made.misuse = misuse->misuse;
    made.whole = misuse->whole;
    made.expect = "ok";
    made.memory = UNLIMITED;
    if (!add_case(cases, &made)) right = 0;
  }
  return right;
}
