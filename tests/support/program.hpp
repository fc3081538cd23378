// Running a program as a user would, and what came of it.
#pragma once

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/support/sanitizers.hpp"

namespace test {

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

struct Surroundings {
  std::filesystem::path folder;  ///< the working folder
  std::filesystem::path logs;    ///< where stdout and stderr go, in files of these names
  std::vector<std::pair<std::string, std::string>> environment = {};
  rlim_t largest_file = RLIM_INFINITY;  ///< bytes; writing more fails, as on a full disk
  std::vector<int> closed = {};         ///< descriptors that are not open when it starts
  bool bound_by_permissions = false;    ///< root too
};

/// A program under way; it is killed if it still runs at the end.
class Program {
 public:
  Program(const std::vector<std::string>& command, const Surroundings& around) : logs_(around.logs) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (process_ == 0) become(arguments, around);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
  }

  [[nodiscard]] std::string out() const { return text_of(logs_ / "stdout"); }
  [[nodiscard]] std::string err() const { return text_of(logs_ / "stderr"); }

  [[nodiscard]] pid_t process() const { return process_; }
  /// The most memory it had at a time, in bytes, once it has ended.
  [[nodiscard]] double peak_memory() const { return peak_memory_; }

  void send(int signal) const {
    if (process_ > 0) ::kill(process_, signal);
  }

  /// Its exit status, or 128 and the signal that ended it. Throws std::runtime_error after a minute, or ten
  /// with sanitizers.
  int wait() {
    using Clock = std::chrono::steady_clock;
    int status = 0;
    rusage used{};
    for (const auto start = Clock::now(); ::wait4(process_, &status, WNOHANG, &used) == 0;) {
      if (Clock::now() - start > std::chrono::minutes(SOAP_TEST_SANITIZED ? 10 : 1))
        throw std::runtime_error("the program does not end");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    process_ = -1;
    peak_memory_ = 1024 * static_cast<double>(used.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  [[noreturn]] static void become(const std::vector<char*>& arguments, const Surroundings& around) {
    const auto redirect = [&](const char* name, int descriptor) {
      const int file = ::open((around.logs / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
      if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
    };
    redirect("stdout", STDOUT_FILENO);
    redirect("stderr", STDERR_FILENO);
    if (::chdir(around.folder.c_str()) != 0) ::_exit(126);
    // What the caller's shell happens to hold must not decide a test.
    ::unsetenv("SOAP_DATA_DIR");
    ::unsetenv("OMP_NUM_THREADS");
    for (const auto& [name, value] : around.environment) ::setenv(name.c_str(), value.c_str(), 1);
    const rlimit limit{around.largest_file, around.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    // As for a program that a shell starts.
    for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2})
      std::signal(signal, SIG_DFL);
    for (const int descriptor : around.closed) ::close(descriptor);
    if (around.bound_by_permissions && ::geteuid() == 0) {
      for (const int right : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH})
        if (::prctl(PR_CAPBSET_DROP, right, 0, 0, 0) != 0) ::_exit(126);
    }
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }

  std::filesystem::path logs_;
  pid_t process_ = -1;
  double peak_memory_ = 0;
};

}  // namespace test
