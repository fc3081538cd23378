#include "soap/io/folder_lock.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "soap/base/error.hpp"
#include "soap/base/host_name.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::FolderLock;
using soap::IoError;

namespace {

std::string refusal(const fs::path& folder, const std::string& purpose = {}) {
  try {
    const FolderLock lock(folder, purpose);
  } catch (const IoError& error) {
    CHECK(error.path() == folder.string());
    return error.found();
  }
  return "nothing";
}

// Ends without any of its destructors, as a killed program does.
void die_in(const fs::path& folder) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const FolderLock lock(folder);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("a folder is held by one, who is named to the next, and free after it") {
  const test::TemporaryFolder folder;
  const std::string who = " (process " + std::to_string(::getpid()) + " on " + soap::host_name() + ")";
  std::optional<FolderLock> lock(folder.path());
  CHECK(lock->is_held());
  CHECK(refusal(folder.path()) == "another program at work in it" + who);
  CHECK(refusal(folder.path(), "grid") == "another program at work in it with other settings" + who);
  CHECK(soap::is_unused(folder.path()));
  lock.reset();
  CHECK(fs::is_empty(folder.path()));
  CHECK(refusal(folder.path()) == "nothing");
}

TEST_CASE("those of one purpose share a folder, until the last is gone") {
  const test::TemporaryFolder folder;
  std::optional<FolderLock> first(std::in_place, folder.path(), "grid");
  std::optional<FolderLock> second(std::in_place, folder.path(), "grid");
  CHECK(refusal(folder.path(), "other grid")
            .starts_with("another program at work in it with other settings ("));
  CHECK(refusal(folder.path()).starts_with("another program at work in it ("));
  first.reset();
  CHECK(refusal(folder.path(), "other grid")
            .starts_with("another program at work in it with other settings ("));
  CHECK(refusal(folder.path(), "grid") == "nothing");
  second.reset();
  CHECK(fs::is_empty(folder.path()));
  CHECK(refusal(folder.path(), "other grid") == "nothing");
}

TEST_CASE("a program that was killed holds nothing, whatever it leaves") {
  const test::TemporaryFolder folder;
  die_in(folder.path());
  CHECK_FALSE(fs::is_empty(folder.path()));
  CHECK(soap::is_unused(folder.path()));
  CHECK(refusal(folder.path()) == "nothing");
  CHECK(fs::is_empty(folder.path()));
  die_in(folder.path());
  CHECK(refusal(folder.path(), "grid") == "nothing");
}

TEST_CASE("what is not a lock's file is refused and left alone") {
  const test::TemporaryFolder folder;
  const fs::path mine = folder.write("mine", "text");
  fs::create_symlink("mine", folder.path() / ".lock");
  CHECK_THROWS_WITH_AS(FolderLock(folder.path()), doctest::Contains("/.lock: found a symbolic link"),
                       IoError);
  fs::remove(folder.path() / ".lock");
  fs::create_directory(folder.path() / ".lock");
  CHECK_THROWS_WITH_AS(FolderLock(folder.path()), doctest::Contains("/.lock: found a folder"), IoError);
  CHECK(fs::file_size(mine) == 4);
  CHECK_THROWS_AS(FolderLock(folder.path() / "none"), IoError);
}
