// Splits the text on standard input by llama.cpp's own code, with its expressions as arguments: one line for each piece, as hexadecimal
// bytes. See README.md.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "unicode.h"

int main(int count, char **expressions) {
  std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  std::vector<std::string> all(expressions + 1, expressions + count);
  for (const std::string &piece : unicode_regex_split(text, all, false)) {
    for (unsigned char byte : piece) {
      std::printf("%02x", byte);
    }
    std::printf("\n");
  }
}
