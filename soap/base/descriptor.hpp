// An open file of the system's.
#pragma once

#include <string_view>
#include <utility>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Owns a file descriptor, and closes it without asking whether that went well.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { (void)close(); }

  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }
  /// Returns what the system said: 0, or the number of an error. The descriptor is gone whatever it is.
  int close();

 private:
  int number_ = -1;
};

/// Writes all of the bytes; returns 0, or the number of the error that ended it half way.
[[nodiscard]] int write_all(const Descriptor& file, std::string_view bytes);

}  // namespace SOAP_ABI
}  // namespace soap
