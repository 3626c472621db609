/** English words whose forms no stemmer unites, one group per line: verbs first, then nouns and adjectives, then negations, of which a
 * search vector holds what comes before the apostrophe. */
const GROUPS = `
arise arose arisen
awake awoke awoken
bear bore borne
beat beaten
become became
begin began begun
bend bent
bind bound
bite bit bitten
bleed bled
blow blew blown
break broke broken
breed bred
bring brought
build built
burn burnt
buy bought
catch caught
choose chose chosen
come came
creep crept
deal dealt
dig dug
draw drew drawn
dream dreamt
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed
feel felt
fight fought
find found
flee fled
fly flew flown
forbid forbade forbidden
forget forgot forgotten
forgive forgave forgiven
freeze froze frozen
get got gotten
give gave given
go went gone
grow grew grown
hang hung
hear heard
hide hid hidden
hold held
keep kept
kneel knelt
know knew known
lay laid
lead led
lean leant
leap leapt
learn learnt
leave left
lend lent
lie lay lain
light lit
lose lost
make made
mean meant
meet met
pay paid
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
shake shook shaken
shine shone
shoot shot
show shown
shrink shrank shrunk
sing sang sung
sink sank sunk
sit sat
sleep slept
slide slid
speak spoke spoken
speed sped
spell spelt
spend spent
spill spilt
spin spun
spit spat
spoil spoilt
spring sprang sprung
stand stood
steal stole stolen
stick stuck
sting stung
stink stank stunk
strike struck stricken
strive strove striven
swear swore sworn
sweep swept
swim swam swum
swing swung
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
understand understood
wake woke woken
wear wore worn
weave wove woven
weep wept
win won
wind wound
write wrote written
child children
die died dying
foot feet
goose geese
half halves
knife knives
leaf leaves
life lives
loaf loaves
man men
mouse mice
person people
shelf shelves
thief thieves
tooth teeth
wife wives
wolf wolves
woman women
bad worse worst
far further farther
good better best
dont don
doesnt doesn
didnt didn
isnt isn
arent aren
wasnt wasn
werent weren
couldnt couldn
wouldnt wouldn
shouldnt shouldn
hasnt hasn
hadnt hadn
`;

const groups = GROUPS.trim()
  .split('\n')
  .map((line) => line.split(' '));
const groupsByForm = Map.groupBy(
  groups.flatMap((group) => group.map((form) => ({ form, group }))),
  ({ form }) => form,
);

/** Returns the other forms of an English word in lower case that its stem does not cover, such as `bought` for `buys`. */
export function listIrregularForms(word: string): string[] {
  const base = word.replace(/(?:ies|es|s|ing)$/, '');
  const found = [word, base, `${base}e`].flatMap((form) => groupsByForm.get(form) ?? []);
  return [...new Set(found.flatMap(({ group }) => group))].filter((form) => form !== word);
}
