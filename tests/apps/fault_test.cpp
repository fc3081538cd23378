// Every call by which the programs write, failing once or for good.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"
#include "tests/support/sanitizers.hpp"

// Sanitizers have to be loaded before any other library.
#if defined(__linux__) && !SOAP_TEST_SANITIZED

namespace fs = std::filesystem;
using test::lines_of;
using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

struct Fault {
  std::string call;
  int error;   // 0: half of the bytes are written
  bool lasts;  // for good, from this call on
};

std::vector<Fault> all_faults() {
  const std::vector<std::pair<std::string, std::vector<int>>> kinds = {
      {"write", {ENOSPC, EIO, 0}}, {"fsync", {ENOSPC, EIO}}, {"rename", {ENOSPC, EIO}}, {"close", {EIO}},
      {"open", {ENOSPC}},          {"mkdir", {ENOSPC}},      {"symlink", {ENOSPC}},
  };
  std::vector<Fault> faults;
  for (const auto& [call, errors] : kinds) {
    for (const int error : errors) {
      for (const bool lasts : {false, true}) faults.push_back({call, error, lasts});
    }
  }
  return faults;
}

// What a folder holds: paths in it, and contents.
using Tree = std::map<std::string, std::string>;

Tree tree_of(const fs::path& folder) {
  Tree tree;
  if (!fs::exists(folder)) return tree;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      tree[fs::relative(entry.path(), folder).string()] = test::text_of(entry.path());
  }
  return tree;
}

struct FaultyOutcome {
  Outcome outcome;
  Words met;  // the paths of the calls that failed
};

class FaultyWorkshop : public Workshop {
 public:
  [[nodiscard]] fs::path out() const { return folder() / "o"; }

  [[nodiscard]] Outcome run_whole(const Words& command) const { return run_in(command, {}); }

  [[nodiscard]] FaultyOutcome run_faulty(const Words& command, const Fault& fault, int at) const {
    const fs::path log = logs() / "met";
    fs::remove(log);
    const std::string what = fault.call + " " + std::to_string(at) + " " + std::to_string(fault.error) +
                             (fault.lasts ? " 1" : " 0");
    Outcome outcome = run_in(command, {{"LD_PRELOAD", test::faulty_io_library},
                                       {"FAULTY_IO", what},
                                       {"FAULTY_IO_BELOW", folder().string()},
                                       {"FAULTY_IO_LOG", log.string()}});
    return {std::move(outcome), lines_of(test::text_of(log))};
  }

 private:
  [[nodiscard]] Outcome run_in(const Words& command,
                               const std::vector<std::pair<std::string, std::string>>& environment) const {
    Program program(command, {.folder = folder(), .logs = logs(), .environment = environment});
    const int status = program.wait();
    return {status, program.out(), program.err()};
  }
};

// Whether the program can do its work in spite of it: links are the claims, which only save work, and what
// was flushed before it was closed is on the disk. Tables that grow row by row are not.
bool is_harmless(const Fault& fault, const fs::path& path) {
  const bool grows = path.filename() == "metrics.csv" || path.filename() == "diagnostics.csv" ||
                     path.parent_path().filename() == "timings";
  return fault.call == "symlink" || (fault.call == "write" && fault.error == 0) ||
         (fault.call == "close" && !grows);
}

// The first failure that matters ends the program with one sentence, which names the file, its folder or the
// place where that was to be, and the reason.
void check_outcome(const FaultyOutcome& found, const Fault& fault) {
  const auto serious = std::find_if(found.met.begin(), found.met.end(),
                                    [&](const std::string& path) { return !is_harmless(fault, path); });
  if (serious == found.met.end()) {
    CHECK(found.outcome.status == 0);
    return;
  }
  CHECK(found.outcome.status == 2);
  const Words lines = lines_of(found.outcome.err);
  REQUIRE(!lines.empty());
  const std::string& sentence = lines.back();
  CAPTURE(*serious);
  CAPTURE(sentence);
  fs::path place = fs::path(serious->substr(serious->find("/o") + 1));
  // A temporary file stands for the one that it was to become.
  if (place.filename().string().starts_with(".soap-")) place = place.parent_path();
  CHECK(sentence.find(": " + place.string()) != std::string::npos);
  CHECK(sentence.find(fault.error == EIO ? "Input/output error" : "No space left on device") !=
        std::string::npos);
  const auto sentences = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return (line.starts_with("sweep: ") && !line.starts_with("sweep: rank ")) ||
           line.starts_with("mnist_train: ");
  });
  CHECK(sentences == 1);
}

using Check = std::function<void(const FaultyWorkshop&, const Outcome&)>;
using Prepare = std::function<void(const FaultyWorkshop&)>;

// Runs the command with the first, second, ... call of each kind failing until it meets no failure any more.
void fail_each_call(const Words& command, const Prepare& prepare, const Check& check) {
  for (const Fault& fault : all_faults()) {
    CAPTURE(fault.call);
    CAPTURE(fault.error);
    CAPTURE(fault.lasts);
    int at = 1;
    for (;; ++at) {
      CAPTURE(at);
      const FaultyWorkshop workshop;
      prepare(workshop);
      const FaultyOutcome found = workshop.run_faulty(command, fault, at);
      check_outcome(found, fault);
      check(workshop, found.outcome);
      if (found.met.empty()) break;
      REQUIRE(at < 200);
    }
    // Whatever the library called instead would have been missed.
    CHECK((at > 1 || fault.call == "symlink" || fault.call == "mkdir"));
  }
}

// The trials of a sweep, without its report, by a rank that does not write one.
const Words sweep = {test::sweep_program,
                     "--data",
                     "synthetic:train=40:test=10",
                     "--out",
                     "o",
                     "--validation",
                     "10",
                     "--rules",
                     "bp,fa",
                     "--lr",
                     "0.1",
                     "--seeds",
                     "1",
                     "--hidden",
                     "3",
                     "--epochs",
                     "1",
                     "--threads",
                     "1",
                     "--rank",
                     "1",
                     "--world-size",
                     "2"};

// Those that its lines of progress call done.
std::size_t trials_said_done(const std::string& err) {
  std::map<std::string, std::size_t> done;
  for (const auto& line : lines_of(err)) {
    for (const std::string phase : {"tuning: ", "judging: "}) {
      if (line.starts_with(phase)) done[phase] = std::stoul(line.substr(phase.size()));
    }
  }
  return done["tuning: "] + done["judging: "];
}

}  // namespace

TEST_CASE("whatever call of a sweep fails, finished trials stay, nothing half is there, and it can go on") {
  const FaultyWorkshop whole;
  REQUIRE(whole.run_whole(sweep).status == 0);
  const Tree expected = tree_of(whole.out() / "trials");
  REQUIRE(expected.size() == 4);
  // One trial was done before.
  const std::string earlier = expected.begin()->first;
  const Prepare prepare = [&](const FaultyWorkshop& workshop) {
    fs::create_directories(workshop.out() / "trials");
    std::ofstream(workshop.out() / "trials" / earlier, std::ios::binary) << expected.at(earlier);
  };
  fail_each_call(sweep, prepare, [&](const FaultyWorkshop& workshop, const Outcome& outcome) {
    const Tree left = tree_of(workshop.out() / "trials");
    CHECK(left.count(earlier) == 1);
    CHECK(left.size() >= trials_said_done(outcome.err));
    for (const auto& result : left) {
      CAPTURE(result.first);
      REQUIRE(expected.count(result.first) == 1);
      CHECK((result.second == expected.at(result.first)));
    }
    CHECK((outcome.status != 0 || left == expected));
    if (outcome.status == 0) return;
    const Outcome again = workshop.run_whole(sweep);
    CHECK(again.status == 0);
    CHECK((tree_of(workshop.out() / "trials") == expected));
    CHECK(names_in(workshop.out() / "claims").empty());
  });
}

TEST_CASE("whatever call of a report fails, each of its files is the old one or the new one") {
  const FaultyWorkshop whole;
  REQUIRE(whole.run_whole(sweep).status == 0);
  const Tree trials = tree_of(whole.out() / "trials");
  // Of these alone there is one small picture, which does not take long to draw.
  const auto put_judged = [&](const FaultyWorkshop& workshop, const std::string& rule) {
    fs::create_directories(workshop.out() / "trials");
    for (const auto& [name, content] : trials) {
      if (content.find("\"validation\": 0") == std::string::npos) continue;
      if (content.find("\"rule\": \"" + rule + "\"") == std::string::npos) continue;
      std::ofstream(workshop.out() / "trials" / name, std::ios::binary) << content;
    }
  };
  const Words report = {test::sweep_program, "--report", "o"};
  const auto report_of = [&](const Words& rules) {
    const FaultyWorkshop workshop;
    for (const auto& rule : rules) put_judged(workshop, rule);
    REQUIRE(workshop.run_whole(report).status == 0);
    return tree_of(workshop.out() / "report");
  };
  const Tree before = report_of({"bp"});
  const Tree after = report_of({"bp", "fa"});
  // The page, three tables and a picture.
  REQUIRE(after.size() == 5);
  const Prepare prepare = [&](const FaultyWorkshop& workshop) {
    put_judged(workshop, "bp");
    fs::create_directories(workshop.out() / "report");
    for (const auto& [name, content] : before)
      std::ofstream(workshop.out() / "report" / name, std::ios::binary) << content;
    put_judged(workshop, "fa");
  };
  fail_each_call(report, prepare, [&](const FaultyWorkshop& workshop, const Outcome& outcome) {
    const Tree left = tree_of(workshop.out() / "report");
    CHECK(left.size() == after.size());
    for (const auto& [name, content] : left)
      CHECK((content == after.at(name) || (outcome.status != 0 && content == before.at(name))));
  });
}

namespace {

const Words train = {test::mnist_train_program,
                     "--data",
                     "synthetic:train=60:test=20",
                     "--out",
                     "o",
                     "--rules",
                     "fa",
                     "--seeds",
                     "1",
                     "--hidden",
                     "3",
                     "--epochs",
                     "2",
                     "--batch-size",
                     "20",
                     "--threads",
                     "1",
                     "--log-interval",
                     "2",
                     "--checkpoint-every",
                     "4",
                     "--save-model"};
const Words resume = {test::mnist_train_program, "--resume", "o", "--threads", "1"};

// Without what differs from run to run: tables have a column of time, which pictures and checkpoints of
// finished runs hold too, and config.json says when and how the program was called.
Tree results_of(const fs::path& folder) {
  Tree results = tree_of(folder);
  results.erase("config.json");
  for (auto& [name, content] : results) {
    if (name.ends_with(".png") || name.starts_with("checkpoints")) content.clear();
    if (name != "metrics.csv" && name != "summary.csv" && name != "comparison.csv") continue;
    content = test::without_time(content);
  }
  return results;
}

// Names and sizes.
std::map<std::string, std::size_t> outline(const fs::path& folder) {
  std::map<std::string, std::size_t> sizes;
  for (const auto& [name, content] : tree_of(folder)) sizes[name] = content.size();
  return sizes;
}

}  // namespace

TEST_CASE("whatever call of a training run fails, nothing half is there, and it can go on to the same bits") {
  const FaultyWorkshop whole;
  REQUIRE(whole.run_whole(train).status == 0);
  const Tree expected = results_of(whole.out());
  REQUIRE(expected.size() == 6);
  // Many faults leave the same behind, and going on takes its time: once for each outline will do.
  std::set<std::map<std::string, std::size_t>> seen;
  bool rows_are_flushed = false;
  fail_each_call(
      train, [](const FaultyWorkshop&) {},
      [&](const FaultyWorkshop& workshop, const Outcome& outcome) {
        rows_are_flushed |= outcome.err.find(
                                "o/metrics.csv: found 'Input/output error' when flushing to the "
                                "disk") != std::string::npos;
        for (const auto& file : tree_of(workshop.out())) {
          const std::string& name = file.first;
          const std::string& content = file.second;
          CAPTURE(name);
          CHECK((name == "config.json" || expected.count(name) == 1));
          if (name.starts_with("models")) CHECK((content == expected.at(name)));
          if (name.ends_with(".csv")) CHECK((content.empty() || content.ends_with('\n')));
        }
        if (outcome.status == 0) {
          CHECK((results_of(workshop.out()) == expected));
          return;
        }
        if (!seen.insert(outline(workshop.out())).second) return;
        const bool begun = fs::exists(workshop.out() / "config.json");
        CHECK((begun || !fs::exists(workshop.out())));
        CHECK(workshop.run_whole(begun ? resume : train).status == 0);
        CHECK((results_of(workshop.out()) == expected));
      });
  CHECK(rows_are_flushed);
}

#else

TEST_CASE("faults can be made") {
  std::puts("skipped: with sanitizers no library can be loaded before the program");
}

#endif
