// Flags that ask what they take: `--rules help`, `--optimizer adam:help`.
#include <doctest/doctest.h>

#include "soap/base/terminal.hpp"

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

// What a program answers in an empty folder, in a window of so many columns.
std::string answer(const char* program_file, const Words& flags, const char* columns = "200") {
  const Workshop workshop;
  Program program(
      Words{program_file} + flags,
      {.folder = workshop.folder(), .logs = workshop.logs(), .environment = {{"COLUMNS", columns}}});
  CHECK(program.wait() == 0);
  CHECK(program.err().empty());
  CHECK(names_in(workshop.folder()).empty());
  return program.out();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each flag that takes names says which there are and what they take") {
  struct Question {
    const char* flag;
    const char* value;
    const char* part;
  };
  const Question questions[] = {
      {"--rules", "help", "\nsign:period=6400:scale=one:init=xavier_normal - through the signs of W"},
      {"--rules", "help", "\npepita:scale=0.05:init=kaiming_uniform - "},
      {"--rules", "sign:help", "\n  period=6400         an integer of at least 1: examples from one copy"},
      {"--rules", "bp/lowrank:rank=4:help,fa", "lowrank - "},
      {"--rules", "bp:help", "\n  takes no parameters\n"},
      {"--step", "soap:help", "\n  curvature=signed  signed or absolute: "},
      {"--activation", "leaky_relu:help", "\n  slope=0.01  a number of at least 0: where z is below 0\n"},
      {"--init", "help", "pytorch_linear - "},
      {"--optimizer", "help", "adamw:beta1=0.9:beta2=0.999:epsilon=1e-08:weight_decay=0.01:layers=... - "},
      {"--optimizer", "sgd:help", "\n  nesterov=no     no or yes: "},
      {"--schedule", "multi_step:help", "\n  warmup=0    an integer of at least 0: "},
      {"--data", "synthetic:help", "\n  train="},
      {"--data", "help", "synthetic:train="},
  };
  for (const auto& question : questions) {
    for (const char* program : {test::mnist_train_program, test::sweep_program}) {
      CAPTURE(question.flag);
      CAPTURE(question.value);
      const std::string text = answer(program, {question.flag, question.value});
      CAPTURE(text);
      CHECK(holds(text, question.part));
    }
  }
  CHECK(holds(answer(test::sweep_program, {"--baseline", "fa:help"}), "fa - "));
}

TEST_CASE("answers come before anything is checked, all that are asked for, as wide as the window") {
  const std::string both = answer(test::mnist_train_program,
                                  {"--lr", "abc", "--rules", "fa:help,bp:help", "--step", "help"}, "60");
  CHECK(holds(both, "fa - "));
  CHECK(holds(both, "\n\nbp - "));
  CHECK(holds(both, "\n\nbackward - "));
  for (const std::string& line :
       lines_of(answer(test::mnist_train_program, {"--rules", "sign:help"}, "60"))) {
    CAPTURE(line);
    CHECK(soap::columns_of(line) <= 60);
  }
}

TEST_CASE("help on an unknown name is answered with the nearest ones, and --help says that there is help") {
  const Workshop workshop;
  const Outcome outcome = workshop.run({"--rules", "sgn:help"});
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("mnist_train: unknown rule 'sgn' (nearest: sign"));
  for (const char* program : {test::mnist_train_program, test::sweep_program})
    CHECK(holds(answer(program, {"--help"}), "help lists"));
}
