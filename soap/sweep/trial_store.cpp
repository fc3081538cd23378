#include "soap/sweep/trial_store.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <iterator>
#include <mutex>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/base/host_name.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/trial/chance_sources.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace fs = std::filesystem;

namespace {

constexpr const char* trials_folder = "trials";
constexpr const char* claims_folder = "claims";
constexpr const char* a_result = "the result of a trial";

// `owner` is what a claim holds.
bool is_gone(const std::string& owner) {
  const std::size_t space = owner.rfind(' ');
  if (space == std::string::npos || owner.substr(0, space) != host_name()) return false;
  try {
    const auto pid = static_cast<pid_t>(parse_integer("claim", owner.substr(space + 1)));
    return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

// Calls `task` with 0 ... count - 1, from several threads: of many small files most of the time is spent
// waiting for the disk, so that there are more threads than cores.
void for_each_of(std::size_t count, const std::function<void(std::size_t)>& task) {
  constexpr std::size_t most_threads = 8;
  constexpr std::size_t worth_a_thread = 100;
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    } catch (...) {
      const std::scoped_lock lock(mutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> crew = start_threads(std::min(most_threads, count / worth_a_thread), work);
  work();
  for (auto& worker : crew) worker.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

TrialStore::TrialStore(const fs::path& out) : trials_(out / trials_folder), claims_(out / claims_folder) {
  for (const fs::path& folder : {trials_, claims_}) {
    refuse_link(folder);
    make_folder(folder);
  }
  for (const fs::path& folder : {out, trials_}) OpenFolder(folder).remove_dead_temporary_files();
  drop_stale_claims();
}

void TrialStore::drop_stale_claims() const {
  for (const std::string& key : OpenFolder(claims_).names()) {
    if (!sign_of_life(key) || find(key)) release(key);
  }
}

fs::path TrialStore::file(const std::string& key) const { return trials_ / (key + ".json"); }

std::optional<TrialRecord> TrialStore::find(const std::string& key) const {
  const fs::path path = file(key);
  const FileKind kind = kind_of(path, a_result, Links::kept);
  if (kind == FileKind::folder || kind == FileKind::other)
    throw IoError(path.string(), IoError::no_offset, to_text(kind), a_result);
  if (kind == FileKind::none) return std::nullopt;
  try {
    return read_trial_record(path);
  } catch (const IoError&) {
    return std::nullopt;
  }
}

void TrialStore::save(const TrialRecord& record) const {
  const fs::path path = file(trial_key(record.setting));
  // A link would be refused, and a file that cannot be read would pass its permissions on.
  if (kind_of(path, a_result, Links::kept) == FileKind::link || ::access(path.c_str(), R_OK) != 0)
    ::unlink(path.c_str());
  write_file_atomically(path, to_json(record));
}

bool TrialStore::claim(const std::string& key) const {
  // A link that leads nowhere has its content from the start: a process that is killed while it writes a file
  // would leave one that does not say whose it is.
  return ::symlink(this_process().c_str(), (claims_ / key).c_str()) == 0 || errno != EEXIST;
}

void TrialStore::renew_claim(const std::string& key) const {
  (void)::utimensat(AT_FDCWD, (claims_ / key).c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

bool TrialStore::release(const std::string& key) const {
  const fs::path path = claims_ / key;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT;
  return S_ISLNK(status.st_mode) && (::unlink(path.c_str()) == 0 || errno == ENOENT);
}

std::optional<std::string> TrialStore::sign_of_life(const std::string& key) const {
  const fs::path path = claims_ / key;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return std::nullopt;
  std::error_code ignored;
  std::string owner = fs::read_symlink(path, ignored).string();
  if (is_gone(owner)) return std::nullopt;
  for (const auto part : {status.st_mtim.tv_sec, status.st_mtim.tv_nsec}) owner += ' ' + std::to_string(part);
  return owner;
}

StoredTrials read_trials(const fs::path& out) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(out / trials_folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  }
  if (error) {
    throw IoError((out / trials_folder).string(), IoError::no_offset,
                  "a folder that cannot be read (" + error.message() + ")", "the results of a sweep");
  }
  std::sort(files.begin(), files.end());
  StoredTrials stored;
  stored.records.resize(files.size());
  std::vector<std::string> damage(files.size());
  for_each_of(files.size(), [&](std::size_t i) {
    try {
      stored.records[i] = read_trial_record(files[i]);
    } catch (const IoError& found) {
      damage[i] = found.what();
    }
  });
  std::size_t whole = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!damage[i].empty()) {
      stored.damaged.push_back({.key = files[i].stem().string(), .message = std::move(damage[i])});
    } else if (whole++ != i) {
      stored.records[whole - 1] = std::move(stored.records[i]);
    }
  }
  stored.records.resize(whole);
  const auto apart =
      std::stable_partition(stored.records.begin(), stored.records.end(),
                            [](const TrialRecord& record) { return !has_own_seeds(record.setting.options); });
  stored.own_seeds.assign(std::move_iterator(apart), std::move_iterator(stored.records.end()));
  stored.records.erase(apart, stored.records.end());
  return stored;
}

}  // namespace SOAP_ABI
}  // namespace soap
