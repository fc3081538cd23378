#include "soap/trial/run_directory.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/trial/run_config.hpp"

#include "tests/support/temporary_folder.hpp"

using soap::IfExists;
using soap::IoError;
using soap::RunDirectory;
using test::TemporaryFolder;
using test::write_file;

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

using Names = std::vector<std::string>;

// Of a run with one trial, which saves all that can be saved.
std::string config_of(const soap::TrialOptions& trial) {
  soap::RunConfig config;
  config.program = "mnist_train";
  config.trials = {trial};
  config.save_model = true;
  config.checkpoint_every = 10;
  return soap::config_json(config);
}

// Without the lock of a run that is under way.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() != ".lock") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a new run directory, parents included, holds its configuration and an empty table") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a/b/run";
  RunDirectory directory(path, IfExists::refuse, "{}\n");
  CHECK(directory.path() == path);
  CHECK(names_in(path) == Names{"config.json", "metrics.csv"});
  CHECK(content(path / "config.json") == "{}\n");
  CHECK(content(path / "metrics.csv") == soap::metrics_header());

  // Rows are on the disk as soon as they are added.
  directory.append_metrics("row 1\nrow 2\n");
  directory.append_metrics("");
  directory.append_metrics("row 3\n");
  CHECK(content(directory.metrics()) == soap::metrics_header() + "row 1\nrow 2\nrow 3\n");
  directory.append_diagnostics("");
  CHECK(!fs::exists(directory.diagnostics()));
  directory.append_diagnostics("row 1\n");
  directory.append_diagnostics("row 2\n");
  CHECK(content(directory.diagnostics()) == soap::diagnostics_header() + "row 1\nrow 2\n");
  directory.write_summary("old");
  directory.write_summary("new");
  CHECK(content(path / "summary.csv") == "new");
  CHECK(names_in(path) == Names{"config.json", "diagnostics.csv", "metrics.csv", "summary.csv"});
}

TEST_CASE("an empty folder is taken, one that holds anything is refused and stays as it was") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  fs::create_directory(path);
  { const RunDirectory directory(path, IfExists::refuse, "first"); }
  CHECK_THROWS_WITH_AS(
      RunDirectory(path, IfExists::refuse, "second"),
      ("run directory '" + path.string() + "' exists, expected a new name (or --overwrite)").c_str(),
      std::invalid_argument);
  CHECK(content(path / "config.json") == "first");

  const fs::path other = folder.path() / "other";
  fs::create_directory(other);
  write_file(other / ".hidden", "mine");
  CHECK_THROWS_AS(RunDirectory(other, IfExists::refuse, ""), std::invalid_argument);
  CHECK(names_in(other) == Names{".hidden"});
}

TEST_CASE("overwriting removes the results of the earlier run and nothing else") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  fs::create_directories(path / "notes");
  for (const char* name : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv",
                           "diagnostics.png", "weights.safetensors"})
    write_file(path / name, "old");
  const RunDirectory directory(path, IfExists::overwrite, "new");
  CHECK(names_in(path) == Names{"config.json", "metrics.csv", "notes", "weights.safetensors"});
  CHECK(content(path / "config.json") == "new");
  CHECK(content(path / "metrics.csv") == soap::metrics_header());
  CHECK(content(path / "weights.safetensors") == "old");
}

TEST_CASE("overwriting removes the models and checkpoints of both runs' trials; resuming keeps them") {
  for (const bool resume : {false, true}) {
    CAPTURE(resume);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "run";
    for (const char* inside : {"models", "checkpoints"}) {
      fs::create_directories(path / inside);
      for (const char* name : {"bp-seed-1.safetensors", "fa-seed-2.safetensors", ".soap-1-0.tmp"})
        write_file(path / inside / name, "old");
    }
    write_file(path / "models" / "my-thesis.safetensors", "mine");
    write_file(path / ".soap-1-1.tmp", "half");
    write_file(path / "config.json", config_of({.rule = "bp"}));
    write_file(path / "metrics.csv", "old");
    write_file(path / "summary.csv", "old");
    const RunDirectory directory(path, resume ? IfExists::resume : IfExists::overwrite,
                                 config_of({.rule = "fa", .seed = 2}));
    CHECK(content(path / "metrics.csv") == soap::metrics_header());
    const Names saved = {"bp-seed-1.safetensors", "fa-seed-2.safetensors"};
    if (resume) {
      CHECK(names_in(path) == Names{"checkpoints", "config.json", "metrics.csv", "models"});
      CHECK(names_in(path / "checkpoints") == saved);
      CHECK(names_in(path / "models") == Names{saved[0], saved[1], "my-thesis.safetensors"});
    } else {
      CHECK(names_in(path) == Names{"config.json", "metrics.csv", "models"});
      CHECK(names_in(path / "models") == Names{"my-thesis.safetensors"});
    }
  }
}

TEST_CASE("what no known run has made stays, also where the old configuration is none") {
  for (const char* config : {"", "{}", "[1"}) {
    CAPTURE(config);
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "checkpoints");
    write_file(folder.path() / "checkpoints/bp-seed-1.safetensors", "old");
    write_file(folder.path() / "config.json", config);
    const RunDirectory directory(folder.path(), IfExists::overwrite, config_of({.rule = "fa"}));
    CHECK(names_in(folder.path() / "checkpoints") == Names{"bp-seed-1.safetensors"});
  }
}

TEST_CASE("links in the place of results and folders are refused, and nothing behind them is touched") {
  for (const char* name : {"config.json", "metrics.csv", "diagnostics.csv", "checkpoints", "models"}) {
    for (const IfExists if_exists : {IfExists::overwrite, IfExists::resume}) {
      CAPTURE(name);
      const TemporaryFolder folder;
      const fs::path path = folder.path() / "run";
      fs::create_directories(path);
      fs::create_directories(folder.path() / "theirs");
      write_file(folder.path() / "theirs/bp-seed-1.safetensors", "mine");
      write_file(path / "summary.csv", "old");
      fs::create_symlink("../theirs", path / name);
      CHECK_THROWS_WITH_AS(RunDirectory(path, if_exists, config_of({.rule = "bp"})),
                           doctest::Contains((std::string(name) + ": found a symbolic link").c_str()),
                           IoError);
      CHECK(names_in(folder.path() / "theirs") == Names{"bp-seed-1.safetensors"});
      CHECK(names_in(path).size() == 2);
    }
  }
}

TEST_CASE("a folder belongs to one run at a time, and the second one changes nothing in it") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  {
    RunDirectory first(path, IfExists::refuse, "first");
    CHECK(first.is_held());
    for (const IfExists if_exists : {IfExists::overwrite, IfExists::resume}) {
      CHECK_THROWS_WITH_AS(RunDirectory(path, if_exists, "second"),
                           doctest::Contains(": found another program at work in it (process "), IoError);
    }
    first.append_metrics("row\n");
  }
  CHECK(content(path / "config.json") == "first");
  CHECK(content(path / "metrics.csv") == soap::metrics_header() + "row\n");
  const RunDirectory second(path, IfExists::overwrite, "second");
  CHECK(content(path / "config.json") == "second");
}

TEST_CASE("where the name may be another one, each of many runs gets a folder of its own") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "runs/run";
  RunDirectory first(path, IfExists::choose_another, "first");
  RunDirectory second(path, IfExists::choose_another, "second");
  CHECK(first.path() == path);
  CHECK(second.path() == folder.path() / "runs/run-2");
  CHECK(content(second.config()) == "second");
  CHECK(content(first.config()) == "first");
  // A third that cannot be leaves the others alone.
  CHECK_THROWS_AS(RunDirectory(path / "config.json" / "run", IfExists::choose_another, "third"), IoError);
  CHECK(names_in(folder.path() / "runs") == Names{"run", "run-2"});
}

TEST_CASE("a folder in the place of a result is found before anything is removed") {
  for (const char* name : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    for (const char* other : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv"})
      write_file(folder.path() / other, "old");
    fs::remove(folder.path() / name);
    fs::create_directory(folder.path() / name);
    CHECK_THROWS_WITH_AS(
        RunDirectory(folder.path(), IfExists::overwrite, ""),
        ((folder.path() / name).string() + ": found a folder, expected a file of an earlier run, or nothing")
            .c_str(),
        IoError);
    CHECK(names_in(folder.path()).size() == 5);
  }
}

TEST_CASE("a place where no folder can be is an error that leaves nothing behind") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "file";
  write_file(file, "mine");
  for (const IfExists if_exists : {IfExists::refuse, IfExists::overwrite}) {
    CHECK_THROWS_WITH_AS(RunDirectory(file, if_exists, ""),
                         (file.string() + ": found a file, expected a folder or a new name").c_str(),
                         IoError);
    CHECK_THROWS_AS(RunDirectory(file / "run", if_exists, ""), IoError);
    CHECK_THROWS_AS(RunDirectory(folder.path() / "a" / "b" / std::string(300, 'c'), if_exists, ""), IoError);
    CHECK_THROWS_AS(RunDirectory("", if_exists, ""), IoError);
    // Somebody's link to a disk that is not there just now.
    fs::create_symlink(folder.path() / "gone" / "run", folder.path() / "link");
    CHECK_THROWS_AS(RunDirectory(folder.path() / "link", if_exists, ""), IoError);
    CHECK(names_in(folder.path()) == Names{"file", "link"});
    fs::remove(folder.path() / "link");
  }
  CHECK(content(file) == "mine");
}
