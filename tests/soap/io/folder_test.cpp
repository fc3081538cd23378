#include "soap/io/folder.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::IoError;
using soap::make_folder;
using soap::OpenFolder;

TEST_CASE("a folder is made with its parents, and one that is there is left alone") {
  const test::TemporaryFolder folder;
  make_folder(folder.path() / "a/b/c/");
  CHECK(fs::is_directory(folder.path() / "a/b/c"));
  const fs::path file = folder.write("a/b/notes", "mine");
  make_folder(folder.path() / "a/b");
  CHECK(fs::exists(file));
  make_folder(".");
}

TEST_CASE("a folder that cannot be made is named") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("file", "mine");
  for (const fs::path& path : {file, file / "inside" / "deep", fs::path()}) {
    try {
      make_folder(path);
      FAIL("expected an IoError");
    } catch (const IoError& error) {
      CHECK(error.path() == path.string());
      CHECK(std::string(error.what()).find("a folder that cannot be made (") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(soap::flush_folder(folder.path() / "none", folder.path() / "none/file"), IoError);
}

TEST_CASE("a folder that many ask for at once is made for each under a name of its own") {
  const test::TemporaryFolder folder;
  const fs::path asked = folder.path() / "runs" / "run";
  std::vector<fs::path> made(8);
  std::vector<std::thread> crew;
  crew.reserve(made.size());
  for (auto& path : made) crew.emplace_back([&] { path = soap::make_new_folder(asked); });
  for (auto& worker : crew) worker.join();
  std::set<std::string> names;
  for (const auto& path : made) {
    CHECK(fs::is_directory(path));
    names.insert(path.filename().string());
  }
  CHECK(names == std::set<std::string>{"run", "run-2", "run-3", "run-4", "run-5", "run-6", "run-7", "run-8"});
  (void)folder.write("file", "mine");
  CHECK_THROWS_AS((void)soap::make_new_folder(folder.path() / "file" / "run"), IoError);
}

TEST_CASE("in an open folder names are removed without following links, wherever its own name leads") {
  const test::TemporaryFolder folder;
  make_folder(folder.path() / "own/models");
  make_folder(folder.path() / "theirs");
  (void)folder.write("theirs/model", "mine");
  (void)folder.write("own/models/model", "old");
  fs::create_symlink("../theirs/model", folder.path() / "own/link");
  fs::create_symlink("../theirs", folder.path() / "own/checkpoints");

  const OpenFolder own(folder.path() / "own");
  CHECK(own.names() == std::vector<std::string>{"checkpoints", "link", "models"});
  own.remove("link");
  own.remove("none");
  CHECK_FALSE(own.inside("none").has_value());
  CHECK_THROWS_WITH_AS((void)own.inside("checkpoints"),
                       doctest::Contains("checkpoints: found a symbolic link"), IoError);
  const auto models = own.inside("models");
  REQUIRE(models.has_value());
  // Another folder in its place is none of this one's.
  fs::rename(folder.path() / "own/models", folder.path() / "own/moved");
  fs::create_symlink("../theirs", folder.path() / "own/models");
  models->remove("model");
  CHECK(fs::exists(folder.path() / "theirs/model"));
  CHECK(fs::is_empty(folder.path() / "own/moved"));
  CHECK_THROWS_AS(own.remove("moved"), IoError);
  own.remove_if_empty("moved");
  own.remove_if_empty("models");
  CHECK(own.names() == std::vector<std::string>{"checkpoints", "models"});
  CHECK_THROWS_AS(OpenFolder(folder.path() / "none"), IoError);
}
