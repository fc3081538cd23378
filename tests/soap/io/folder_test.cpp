#include "soap/io/folder.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::IoError;
using soap::make_folder;

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
