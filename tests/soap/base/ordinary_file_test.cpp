#include "soap/base/ordinary_file.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::FileKind;
using soap::IoError;
using soap::kind_of;
using soap::Links;
using soap::read_ordinary_file;

namespace {

// What is said of a name in the folder, without the folder's.
std::string complaint(const fs::path& path) {
  try {
    (void)read_ordinary_file(path, "a poem");
  } catch (const IoError& error) {
    CHECK(error.path() == path.string());
    CHECK(error.expected() == "a poem");
    return error.found();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("an ordinary file is read whole, through links too, in pieces of any size and again") {
  const test::TemporaryFolder folder;
  const std::string content = std::string(70'000, 'x') + '\0' + "end";
  const fs::path path = folder.write("file", content);
  CHECK(read_ordinary_file(path, "a poem") == content);
  fs::create_symlink("file", folder.path() / "link");
  CHECK(read_ordinary_file(folder.path() / "link", "a poem") == content);
  CHECK(read_ordinary_file(folder.write("empty", ""), "a poem").empty());

  soap::OrdinaryFile file(path, "a poem");
  CHECK(file.size() == content.size());
  std::string piece(65'537, ' ');
  CHECK(file.read(piece) == piece.size());
  CHECK(file.read(piece) == content.size() - piece.size());
  CHECK(file.read(piece) == 0);
  file.rewind();
  CHECK(file.read(piece) == piece.size());
}

TEST_CASE("whatever else has the name is refused by its kind, and nobody waits") {
  const test::TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(complaint(pipe) == "a pipe, device or socket");
  CHECK(complaint("/dev/zero") == "a pipe, device or socket");
  CHECK(complaint(folder.path()) == "a folder");
  CHECK(complaint(folder.path() / "none") == "no such file");
  fs::create_symlink("none", folder.path() / "nowhere");
  CHECK(complaint(folder.path() / "nowhere") == "a symbolic link that leads nowhere");
  fs::create_symlink("/dev/zero", folder.path() / "endless");
  CHECK(complaint(folder.path() / "endless") == "a pipe, device or socket");
}

TEST_CASE("a name that cannot be looked at is not one that is missing") {
  const test::TemporaryFolder folder;
  fs::create_symlink("circle", folder.path() / "circle");
  CHECK(complaint(folder.path() / "circle") == "'Too many levels of symbolic links' when looking for it");
  CHECK(complaint(folder.path() / "circle" / "file") ==
        "'Too many levels of symbolic links' when looking for it");
  CHECK(complaint(folder.path() / std::string(300, 'x')) == "'File name too long' when looking for it");
  CHECK_THROWS_AS((void)kind_of(folder.path() / "circle", "a poem"), IoError);

  CHECK(kind_of(folder.path() / "circle", "a poem", Links::kept) == FileKind::link);
  CHECK(kind_of(folder.path() / "none", "a poem") == FileKind::none);
  CHECK(kind_of(folder.path(), "a poem") == FileKind::folder);
  CHECK(kind_of(folder.write("file", "x"), "a poem") == FileKind::file);
  CHECK(kind_of(folder.path() / "file" / "inside", "a poem") == FileKind::none);
}
