// What a program makes of the process that it is started as: its streams, signals and name.
#pragma once

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"

namespace process {

/// The first thing in a program: makes failed writes errors of the call that writes, with a file's name in
/// their sentence, in place of signals that end the program, and opens those of descriptors 0 to 2 that the
/// caller closed. The next file would get such a number, and with it what is meant for the screen. Throws
/// IoError.
inline void set_up() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    // It gets the lowest number that is free, which is this one.
    if (::open("/dev/null", O_RDWR) >= 0) continue;
    soap::throw_errno("/dev/null", "opening", errno, "a place for the streams that were closed");
  }
}

/// Whether nobody reads standard output any more, as behind `| head -1`.
inline bool reader_has_left() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

/// The command that this program was called by, as a shell takes it, for sentences that offer another one:
/// `./dev train`, which says so in SOAP_COMMAND, or the program's own name as it was typed.
inline std::string command(const char* const* argv) {
  const char* script = std::getenv("SOAP_COMMAND");
  return script == nullptr ? soap::shell_command({*argv}) : script;
}

inline std::atomic<int> stop_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may write it");

// The first signal asks for an orderly end. Who types Ctrl-C again does not want to wait for it; a terminal
// and a time limit say all that they have to say more than once.
extern "C" inline void remember_signal(int signal) {
  if (stop_signal == 0) stop_signal = signal;
  if (signal == SIGINT || signal == SIGTERM) std::signal(signal, SIG_DFL);
}

/// From now on `stop_signal` tells which of these came: SIGINT and SIGTERM, SIGHUP of a closed terminal,
/// SIGXCPU of a limit on processor time, and SIGUSR1 and SIGUSR2, by which batch systems announce a limit.
inline void watch_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2}) {
    // Whoever started the program may have had it ignore the signal, as nohup does.
    if (std::signal(signal, remember_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

inline bool stop_requested() { return stop_signal != 0; }

/// What work that can end at some places only throws there.
struct Stopped {};
inline void stop_if_requested() {
  if (stop_requested()) throw Stopped();
}

/// The exit status of a program that a signal stopped.
inline int stopped_status() { return 128 + stop_signal; }

}  // namespace process
