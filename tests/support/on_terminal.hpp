// Running a program on a terminal of a given size.
#pragma once

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <sys/ioctl.h>
#include <sys/wait.h>

namespace test {

/// All that the program writes to the terminal, on both streams, until it ends.
inline std::string on_terminal(const std::vector<std::string>& command, const std::filesystem::path& folder,
                               unsigned short columns, unsigned short rows) {
  const auto check = [](int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
  };
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  const int ours = check(::posix_openpt(O_RDWR | O_NOCTTY), "posix_openpt");
  check(::grantpt(ours), "grantpt");
  check(::unlockpt(ours), "unlockpt");
  const std::string name = ::ptsname(ours);
  const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  // Kept open here until the program has it too: a terminal that nobody holds reads as ended.
  const int theirs = check(::open(name.c_str(), O_RDWR | O_NOCTTY), "open a terminal");
  check(::ioctl(theirs, TIOCSWINSZ, &size), "TIOCSWINSZ");
  const pid_t process = check(::fork(), "fork");
  if (process == 0) {
    ::close(ours);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(theirs, stream);
    if (theirs > STDERR_FILENO) ::close(theirs);
    ::unsetenv("SOAP_DATA_DIR");
    if (::chdir(folder.c_str()) == 0) ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  ::close(theirs);
  std::string written;
  std::array<char, 4096> buffer{};
  // The end of a terminal is an error.
  for (ssize_t count = 0; (count = ::read(ours, buffer.data(), buffer.size())) > 0;)
    written.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(ours);
  ::waitpid(process, nullptr, 0);
  return written;
}

}  // namespace test
