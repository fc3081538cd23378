// Runs of mnist_train that do not reach their end: divergence, signals, a full disk.
#include <chrono>
#include <csignal>
#include <regex>
#include <thread>

#include <doctest/doctest.h>

#include "soap/io/csv.hpp"

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::small;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

using Clock = std::chrono::steady_clock;

const Words run_files = {"comparison.csv", "config.json", "curves.png", "metrics.csv", "summary.csv"};

// A deep linear network and a rate at which backpropagation blows up and feedback alignment does not.
const Words unstable = {"--data",       "synthetic:train=1000:test=100",
                        "--hidden",     "16x16x16",
                        "--lr",         "0.3",
                        "--seeds",      "2",
                        "--epochs",     "2",
                        "--rules",      "bp,fa",
                        "--out",        "o",
                        "--activation", "identity"};

}  // namespace

TEST_CASE("divergence is reported with epoch, step and layer, and the other rules' results are there") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(unstable);
  CHECK(outcome.status == 3);
  CHECK(names_in(workshop.folder() / "o") == run_files);

  const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
  REQUIRE(summary.rows() == 4);
  for (const std::size_t row : {0, 2}) {
    CHECK(summary.text(row, 0) == "bp");
    CHECK(summary.text(row, 5) == "diverged");
    for (const std::size_t column : {6, 7, 8, 9}) CHECK(summary.text(row, column).empty());
  }
  for (const std::size_t row : {1, 3}) {
    CHECK(summary.text(row, 0) == "fa");
    CHECK(summary.text(row, 5) == "finished");
    CHECK(summary.number(row, 8).has_value());
  }
  CHECK(outcome.out.find("(2 diverged)") != std::string::npos);

  const std::regex sentence(
      "mnist_train: bp, seed [12]: training diverged at epoch [12], step [0-9]+: the loss is (nan|inf), "
      "first in layer [0-9] \\(.*\\)");
  int sentences = 0;
  for (const auto& line : lines_of(outcome.err)) sentences += std::regex_match(line, sentence) ? 1 : 0;
  CHECK(sentences == 2);
}

TEST_CASE("a run whose step cannot go on is told with its reason, and the other rules' results are there") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(small + Words{"--rules", "bp,fa", "--step",
                                                     "backward,soap:lr=1e-30:damping=1:relative=yes:warmup=0",
                                                     "--seeds", "1", "--out", "o"});
  CHECK(outcome.status == 3);
  const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
  REQUIRE(summary.rows() == 4);
  for (const std::size_t row : {0, 1}) CHECK(summary.text(row, summary.column("status")) == "finished");
  for (const std::size_t row : {2, 3}) {
    CHECK(summary.text(row, summary.column("status")) == "failed");
    CHECK(summary.text(row, summary.column("message")).find("training cannot go on at epoch 1, step ") == 0);
    CHECK(summary.text(row, summary.column("test_accuracy")).empty());
  }
  CHECK(outcome.out.find("(1 failed)") != std::string::npos);
  const std::regex sentence(
      "mnist_train: (bp|fa), soap:.*, seed 1: training cannot go on at epoch 1, step [0-9]+: step "
      "'soap' "
      "sent nothing but zeros to layer 0 \\(.*");
  int sentences = 0;
  for (const auto& line : lines_of(outcome.err)) sentences += std::regex_match(line, sentence) ? 1 : 0;
  CHECK(sentences == 2);
}

TEST_CASE("a minibatch whose units all stand still ends no run") {
  const Workshop workshop;
  for (const char* rule : {"dtp", "pepita", "sparse"}) {
    CAPTURE(rule);
    CHECK(workshop
              .run({"--data", "synthetic:train=200:test=50", "--rules", rule, "--activation", "relu",
                    "--batch-size", "1", "--hidden", "4", "--seed", "5", "--epochs", "1", "--out", rule})
              .status == 0);
  }
}

TEST_CASE("weights beyond all numbers diverge at the second step in every rule") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(
      small + Words{"--lr", "1e30", "--activation", "relu", "--seeds", "1", "--threads", "1", "--out", "o"});
  CHECK(outcome.status == 3);
  CHECK(names_in(workshop.folder() / "o") == run_files);
  CHECK(outcome.err.find("mnist_train: fa, seed 1: training diverged at epoch 1, step 2: the loss is nan, "
                         "first in layer 2 (dense 16-10)\n") != std::string::npos);
  // The one step that went well.
  const auto metrics = soap::read_csv(workshop.folder() / "o/metrics.csv");
  REQUIRE(metrics.rows() == 3);
  CHECK(metrics.number(0, 5) == 1);
}

TEST_CASE("a signal in the middle ends the program promptly, with whole files") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2}) {
    CAPTURE(signal);
    const Workshop workshop;
    test::Program program(
        workshop.command({"--data", "synthetic:train=500:test=100", "--hidden", "16", "--epochs", "2000",
                          "--log-interval", "100", "--seeds", "5", "--threads", "2", "--out", "o"}),
        {workshop.folder(), workshop.logs()});
    const auto start = Clock::now();
    while (program.err().find("epoch 100/2000") == std::string::npos &&
           Clock::now() - start < std::chrono::seconds(30))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto sent = Clock::now();
    program.send(signal);
    // A closed terminal and a time limit send theirs more than once.
    if (signal == SIGHUP || signal == SIGXCPU) program.send(signal);
    CHECK(program.wait() == 128 + signal);
    CHECK(Clock::now() - sent < std::chrono::seconds(2));

    CHECK(lines_of(program.err()).back() ==
          "mnist_train: stopped by a signal; 0 of 15 runs had finished, what there is was saved; a run "
          "that has --checkpoint-every can go on from there");
    CHECK(names_in(workshop.folder() / "o") == run_files);
    const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
    // One run on each thread had begun.
    REQUIRE(summary.rows() == 2);
    for (std::size_t row = 0; row < 2; ++row) {
      CHECK(summary.text(row, 5) == "stopped");
      CHECK(summary.number(row, 6).has_value());
      CHECK(summary.text(row, 8).empty());
    }
    const auto metrics = soap::read_csv(workshop.folder() / "o/metrics.csv");
    CHECK(metrics.rows() > 4);
    CHECK(workshop.read("o/metrics.csv").ends_with("\n"));
    CHECK(workshop.read("o/curves.png").starts_with("\x89PNG\r\n"));
  }
}

TEST_CASE("on a disk without room for anything, nothing is left") {
  const Workshop workshop;
  const Outcome outcome =
      workshop.run(small + Words{"--out", "a/o"},
                   {.folder = workshop.folder(), .logs = workshop.logs(), .largest_file = 1000});
  CHECK(outcome.status == 2);
  CHECK(outcome.err ==
        "mnist_train: a/o/config.json: found 'File too large' when writing, expected a file that can be "
        "written\n");
  CHECK(names_in(workshop.folder()).empty());
}

TEST_CASE("when the disk fills up during the runs, the rows that were written are whole") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(
      small + Words{"--rules", "bp", "--seeds", "6", "--log-interval", "1", "--threads", "1", "--out", "o"},
      {.folder = workshop.folder(), .logs = workshop.logs(), .largest_file = 8000});
  CHECK(outcome.status == 2);
  CHECK(lines_of(outcome.err).back() ==
        "mnist_train: o/metrics.csv: found 'File too large' when writing, expected a file that can be "
        "written");
  const auto metrics = soap::read_csv(workshop.folder() / "o/metrics.csv");
  CHECK(metrics.rows() > 0);
  CHECK(metrics.rows() % 32 == 0);
  CHECK(workshop.read("o/metrics.csv").ends_with("\n"));
}

TEST_CASE("what cannot be printed is not passed over in silence") {
  if (!std::filesystem::exists("/dev/full")) return;
  const Workshop workshop;
  // A device without room.
  std::filesystem::create_symlink("/dev/full", workshop.logs() / "stdout");
  test::Program program(workshop.command(small + Words{"--rules", "bp", "--seeds", "1", "--out", "o"}),
                        {workshop.folder(), workshop.logs()});
  CHECK(program.wait() == 1);
  CHECK(lines_of(program.err()).back() ==
        "mnist_train: standard output: found no way to write all to it, expected room for it");
  CHECK(names_in(workshop.folder() / "o") == run_files);
}
