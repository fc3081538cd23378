# Turns the file FONT into the C++ source file SOURCE, which defines the bytes declared in soap/plot/font.cpp.
# A string literal compiles many times faster than an array of numbers.
file(READ "${FONT}" bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
file(WRITE "${SOURCE}" "#include <cstddef>
namespace soap::embedded {
extern const char font_bytes[];
extern const std::size_t font_size;
const char font_bytes[] = \"${bytes}\";
const std::size_t font_size = ${size};
}
")
