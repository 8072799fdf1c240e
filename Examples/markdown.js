// Markdown to HTML with a real library: ./build.sh run run Examples/markdown.js README.md
load('build/js/marked.js');
print(marked.parse(read(scriptArgs[0])));
