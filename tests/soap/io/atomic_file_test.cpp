#include "soap/io/atomic_file.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/io/folder.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::IoError;
using soap::write_file_atomically;

namespace {

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a file is written whole, zero bytes included, and replaced without leaving anything behind") {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.bin";
  const std::string first("a\0b\n", 4);
  write_file_atomically(path, first);
  CHECK(content(path) == first);
  write_file_atomically(path, "");
  CHECK(content(path).empty());
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file may come in pieces, and is not there at all when they end in an error") {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.txt";
  write_file_atomically(path, [](const soap::WriteBytes& write) {
    write("one,");
    write("");
    write("two");
  });
  CHECK(content(path) == "one,two");
  const auto broken = [](const soap::WriteBytes& write) {
    write("half");
    throw std::runtime_error("no more");
  };
  CHECK_THROWS_WITH(write_file_atomically(path, broken), "no more");
  CHECK(content(path) == "one,two");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a replaced file keeps its permissions") {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.txt";
  write_file_atomically(path, "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  write_file_atomically(path, "new");
  CHECK(content(path) == "new");
  CHECK((fs::status(path).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
}

TEST_CASE("a symbolic link is refused, wherever it leads, and nothing is written behind it") {
  const test::TemporaryFolder folder;
  const fs::path mine = folder.write("mine", "old");
  const fs::path link = folder.path() / "link";
  for (const fs::path& leads_to : {mine, folder.path() / "none", fs::path("link"), fs::path("/dev/null")}) {
    CAPTURE(leads_to);
    fs::create_symlink(leads_to, link);
    CHECK_THROWS_WITH_AS(
        write_file_atomically(link, "new"),
        (link.string() + ": found a symbolic link, expected an ordinary file, or none yet").c_str(), IoError);
    CHECK(fs::read_symlink(link) == leads_to);
    CHECK(content(mine) == "old");
    CHECK(files_in(folder.path()) == 2);
    fs::remove(link);
  }
}

TEST_CASE("a temporary file is removed when its writer is dead, and not before") {
  const test::TemporaryFolder folder;
  const soap::OpenFolder open(folder.path());
  (void)folder.write(".soap-1-0.tmp", "half");
  (void)folder.write(".soap-notes", "mine");
  fs::create_symlink(".soap-notes", folder.path() / ".soap-2-0.tmp");
  write_file_atomically(folder.path() / "a.txt", [&](const soap::WriteBytes& write) {
    write("half");
    open.remove_dead_temporary_files();
    write(" and half");
  });
  CHECK(content(folder.path() / "a.txt") == "half and half");
  CHECK(open.names() == std::vector<std::string>{".soap-2-0.tmp", ".soap-notes", "a.txt"});
}

TEST_CASE("a folder that is not there, a folder as target and a pipe are refused with the path") {
  const test::TemporaryFolder folder;
  const fs::path missing = folder.path() / "missing" / "a.txt";
  try {
    write_file_atomically(missing, "x");
    FAIL("expected an IoError");
  } catch (const IoError& error) {
    CHECK(error.path() == missing.string());
    CHECK(std::string(error.what()).find("No such file or directory") != std::string::npos);
  }
  CHECK_THROWS_AS(write_file_atomically(folder.path(), "x"), IoError);
  CHECK_THROWS_AS(write_file_atomically(folder.path() / "", "x"), IoError);
  const fs::path pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_AS(write_file_atomically(pipe, "x"), IoError);
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("a write that fails half way leaves the old file and no temporary one") {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.txt";
  write_file_atomically(path, "old");

  // A limit on the size of files stands in for a full disk.
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK_THROWS_AS(write_file_atomically(path, std::string(5000, 'x')), IoError);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  CHECK(content(path) == "old");
  CHECK(files_in(folder.path()) == 1);
}
