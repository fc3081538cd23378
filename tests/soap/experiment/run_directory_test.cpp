#include "soap/experiment/run_directory.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/io/metrics_csv.hpp"

#include "tests/support/temporary_folder.hpp"

using soap::IfExists;
using soap::IoError;
using soap::RunDirectory;
using test::TemporaryFolder;

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

using Names = std::vector<std::string>;

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
  write(other / ".hidden", "mine");
  CHECK_THROWS_AS(RunDirectory(other, IfExists::refuse, ""), std::invalid_argument);
  CHECK(names_in(other) == Names{".hidden"});
}

TEST_CASE("overwriting removes the results of the earlier run and nothing else") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  fs::create_directories(path / "notes");
  for (const char* name : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv",
                           "diagnostics.png", "weights.safetensors"})
    write(path / name, "old");
  const RunDirectory directory(path, IfExists::overwrite, "new");
  CHECK(names_in(path) == Names{"config.json", "metrics.csv", "notes", "weights.safetensors"});
  CHECK(content(path / "config.json") == "new");
  CHECK(content(path / "metrics.csv") == soap::metrics_header());
  CHECK(content(path / "weights.safetensors") == "old");
}

TEST_CASE(
    "overwriting removes models, checkpoints and what a killed program left; resuming keeps the first two") {
  for (const bool resume : {false, true}) {
    CAPTURE(resume);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "run";
    for (const char* inside : {"models", "checkpoints"}) {
      fs::create_directories(path / inside);
      write(path / inside / "bp-seed-1.safetensors", "old");
      write(path / inside / ".soap-1-0.tmp", "half");
    }
    write(path / "models" / "notes", "mine");
    write(path / ".soap-1-1.tmp", "half");
    write(path / "metrics.csv", "old");
    write(path / "summary.csv", "old");
    const RunDirectory directory(path, resume ? IfExists::resume : IfExists::overwrite, "new");
    CHECK(content(path / "metrics.csv") == soap::metrics_header());
    if (resume) {
      CHECK(names_in(path) == Names{"checkpoints", "config.json", "metrics.csv", "models"});
      CHECK(names_in(path / "checkpoints") == Names{"bp-seed-1.safetensors"});
      CHECK(names_in(path / "models") == Names{"bp-seed-1.safetensors", "notes"});
    } else {
      CHECK(names_in(path) == Names{"config.json", "metrics.csv", "models"});
      CHECK(names_in(path / "models") == Names{"notes"});
    }
  }
}

TEST_CASE("a folder in the place of a result is found before anything is removed") {
  for (const char* name : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    for (const char* other : {"config.json", "metrics.csv", "summary.csv", "curves.png", "diagnostics.csv"})
      write(folder.path() / other, "old");
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
  write(file, "mine");
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
