// What a program is started with: streams, signals, readers, cores and threads.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "soap/io/csv.hpp"

#include "tests/apps/mnist_train.hpp"
#include "tests/support/sanitizers.hpp"

namespace fs = std::filesystem;
using test::lines_of;
using test::Outcome;
using test::Program;
using test::small;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

const Words small_sweep = {test::sweep_program,
                           "--data",
                           "synthetic:train=300:test=100",
                           "--validation",
                           "100",
                           "--rules",
                           "bp,fa",
                           "--lr",
                           "0.1,0.3",
                           "--seeds",
                           "2",
                           "--hidden",
                           "8",
                           "--epochs",
                           "1",
                           "--threads",
                           "2",
                           "--out",
                           "o"};
constexpr std::size_t trials_of_it = 2 * 2 * 2 + 2 * 2;

// Waits for half a minute at most.
bool comes_true(const std::function<bool()>& condition) {
  using Clock = std::chrono::steady_clock;
  for (const auto start = Clock::now(); Clock::now() - start < std::chrono::seconds(30);) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("what is meant for streams that are closed goes into no file") {
  for (const std::vector<int>& closed : {std::vector<int>{2}, {1, 2}, {0, 1, 2}}) {
    CAPTURE(closed.size());
    const Workshop workshop;
    const auto run = [&](const Words& command) {
      return Program(command, {.folder = workshop.folder(), .logs = workshop.logs(), .closed = closed})
          .wait();
    };
    REQUIRE(run(workshop.command(small + Words{"--rules", "bp", "--seeds", "2", "--out", "t"})) == 0);
    CHECK(soap::read_csv(workshop.folder() / "t/metrics.csv").rows() == 2 * 32);
    REQUIRE(run(small_sweep) == 0);
    const auto timings = files_in(workshop.folder() / "o/timings");
    REQUIRE(timings.size() == 1);
    CHECK(soap::read_csv(timings.front()).rows() == trials_of_it);
  }
}

TEST_CASE("a reader who leaves after a line takes nothing from a sweep") {
  const Workshop workshop;
  const fs::path pipe = workshop.logs() / "stdout";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  Program program(small_sweep, {workshop.folder(), workshop.logs()});
  {
    std::ifstream reader(pipe);
    std::string line;
    CHECK(std::getline(reader, line));
    CHECK(line.starts_with("data: "));
  }
  CHECK(program.wait() == 0);
  CHECK(program.err().find("standard output") == std::string::npos);
  CHECK(fs::exists(workshop.folder() / "o/report/report.md"));
}

TEST_CASE(
    "a signal ends a report between two of its files, which are whole, and what it is made from stays") {
  const Workshop workshop;
  REQUIRE(Program(small_sweep, {workshop.folder(), workshop.logs()}).wait() == 0);
  const fs::path report = workshop.folder() / "o/report";
  fs::remove_all(report);
  const Words again = {test::sweep_program, "--report", "o"};
  Program program(again, {workshop.folder(), workshop.logs()});
  REQUIRE(comes_true([&] { return fs::exists(report / "learning_rate.png"); }));
  program.send(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  CHECK(program.out().empty());
  CHECK(
      program.err() ==
      "sweep: stopped by a signal before the report was whole; the results are kept. To make it, call sweep "
      "with --report o\n");
  CHECK(!fs::exists(report / "report.md"));
  for (const auto& file : files_in(report)) CHECK(file.extension() == ".png");
  CHECK(Program(again, {workshop.folder(), workshop.logs()}).wait() == 0);
  CHECK(fs::exists(report / "report.md"));
}

TEST_CASE("the offered command is the one that was typed") {
  const Workshop workshop;
  const Words long_run = small + Words{"--epochs", "100000", "--checkpoint-every", "100", "--out", "o"};
  Program program(workshop.command(long_run), {.folder = workshop.folder(),
                                               .logs = workshop.logs(),
                                               .environment = {{"SOAP_COMMAND", "./dev train"}}});
  REQUIRE(comes_true([&] {
    return fs::exists(workshop.folder() / "o/checkpoints") &&
           !files_in(workshop.folder() / "o/checkpoints").empty();
  }));
  program.send(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  CHECK(lines_of(program.err()).back().ends_with("; go on with: ./dev train --resume o"));
}

#ifdef __linux__

namespace {

// How many cores each thread of the process may run on.
std::vector<int> cores_of_threads(pid_t process) {
  std::vector<int> counts;
  for (const auto& thread : files_in("/proc/" + std::to_string(process) + "/task")) {
    cpu_set_t cores{};
    if (::sched_getaffinity(std::stoi(thread.filename()), sizeof cores, &cores) == 0)
      counts.push_back(CPU_COUNT(&cores));
  }
  return counts;
}

}  // namespace

TEST_CASE("where OpenMP binds threads, those of trials have all cores") {
  cpu_set_t own{};
  REQUIRE(::sched_getaffinity(0, sizeof own, &own) == 0);
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<std::size_t>(core), &own)) cores.push_back(core);
  }
  if (cores.size() < 2) return;
  const std::string one = std::to_string(cores[0]);
  const std::string two = std::to_string(cores[1]);
  using Variable = std::pair<std::string, std::string>;
  const std::string places = std::string("{").append(one).append("},{").append(two).append("}");
  for (const auto& variable : {Variable{"OMP_PROC_BIND", "true"}, Variable{"OMP_PLACES", places},
                               Variable{"GOMP_CPU_AFFINITY", std::string(one).append(" ").append(two)}}) {
    CAPTURE(variable.first);
    const int all = variable.first == "OMP_PROC_BIND" ? static_cast<int>(cores.size()) : 2;
    // Two trials on a thread each, and two on two threads each.
    for (const std::string threads : {"2", "4"}) {
      CAPTURE(threads);
      const Workshop workshop;
      Program program(workshop.command(small + Words{"--hidden", "256", "--epochs", "100000", "--seeds", "2",
                                                     "--rules", "bp", "--threads", threads, "--out", "o"}),
                      {.folder = workshop.folder(), .logs = workshop.logs(), .environment = {variable}});
      CHECK(comes_true([&] {
        const std::vector<int> counts = cores_of_threads(program.process());
        return std::count(counts.begin(), counts.end(), all) >= std::stoi(threads);
      }));
    }
  }
}

#endif

// Sanitizers have to be loaded before any other library.
#if defined(__linux__) && !SOAP_TEST_SANITIZED

TEST_CASE("where the system gives few threads or none, the same results come, and a sentence says so") {
  const std::string sentence =
      "the system gave fewer threads than were asked for (see ulimit -u); that took longer and changed no "
      "result";
  const Workshop workshop;
  const auto run = [&](const Words& command, const std::string& most_threads) {
    Program program(command, {.folder = workshop.folder(),
                              .logs = workshop.logs(),
                              .environment = {{"LD_PRELOAD", test::few_threads_library},
                                              {"OMP_NUM_THREADS", "4"},
                                              {"FEW_THREADS", most_threads}}});
    const int status = program.wait();
    return Outcome{status, program.out(), program.err()};
  };
  const auto results = [&](const std::string& file) {
    std::string text;
    for (const auto& line : lines_of(workshop.read(file))) text += line.substr(0, line.rfind(',')) + '\n';
    return text;
  };
  const Words train = workshop.command(
      small + Words{"--hidden", "256", "--rules", "bp", "--seeds", "2", "--threads", "4", "--overwrite"});
  const Outcome whole = run(train + Words{"--out", "whole"}, "1000");
  REQUIRE(whole.status == 0);
  CHECK(whole.err.find(sentence) == std::string::npos);
  for (int most = 0; most <= 12; ++most) {
    CAPTURE(most);
    const Outcome few = run(train + Words{"--out", "few"}, std::to_string(most));
    CHECK(few.status == 0);
    CHECK(results("few/metrics.csv") == results("whole/metrics.csv"));
    if (most < 5) CHECK(lines_of(few.err).back() == "mnist_train: " + sentence);
  }
  for (const std::string most : {"0", "1", "2"}) {
    CAPTURE(most);
    const Outcome few = run(small_sweep, most);
    CHECK(few.status == 0);
    CHECK(lines_of(few.err).back() == "sweep: " + sentence);
    CHECK(test::names_in(workshop.folder() / "o/trials").size() == trials_of_it);
    fs::remove_all(workshop.folder() / "o");
  }
}

#endif
