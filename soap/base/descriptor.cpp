#include "soap/base/descriptor.hpp"

#include <cerrno>
#include <cstddef>
#include <unistd.h>

namespace soap {
inline namespace SOAP_ABI {

int Descriptor::close() {
  const int number = std::exchange(number_, -1);
  return number < 0 || ::close(number) == 0 ? 0 : errno;
}

int write_all(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {
      return ENOSPC;  // whoever takes no byte at all would take none for ever
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace SOAP_ABI
}  // namespace soap
