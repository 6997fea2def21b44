"""Builds the innermost loops of the reader and of the search's index, where there is a C compiler."""

import lxml
from Cython.Build import cythonize
from setuptools import Extension, setup

NATIVE = [
    Extension("articles.native", ["articles/native.pyx"], include_dirs=lxml.get_include()),
    Extension("storage.search.native", ["storage/search/native.pyx"]),
]

extensions = cythonize(NATIVE, build_dir="build", show_all_warnings=False)
for extension in extensions:
    extension.optional = True  # without a compiler all does the same in Python; cythonize forgets this
setup(ext_modules=extensions)
