# Completes each of its arguments, as far as somebody has typed it, in a zsh of its own behind a pseudo terminal: $1 is what sets completion
# up there. Prints a line for each, with all that could come next.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1='> '; autoload -Uz compinit; compinit -u -D; $1"
# What is offered goes by here; it is printed between << and >>, and neither inserted nor listed.
zpty -w shell 'seen() { compadd() { builtin compadd -O offered "$@"; all+=($offered); builtin compadd "$@" }; all=(); _main_complete
  unfunction compadd; print -r -- "<<${(j: :)all}>>"; compstate[list]= ; compstate[insert]= }'
zpty -w shell 'zle -C seen complete-word seen; bindkey "^X" seen; print -r -- re"ady"'
local said
zpty -r -m shell said '*ready*'
for line in "$@[2,-1]"; do
  zpty -n -w shell "$line"$'\C-x'
  zpty -r -m shell said '*<<*>>*'
  print -r -- "${${said##*<<}%%>>*}"
  zpty -n -w shell $'\C-u'
done
zpty -d shell
