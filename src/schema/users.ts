import * as resolvers from '#resolvers/users.ts';
import { builder, idOf, Node } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { connectionType } from './connection.ts';
import { WorkingHours } from './working-hours.ts';

export const Role = builder.enumType('Role', {
  description: 'The role of a user. The permissions of a request are also limited by the scopes of its API key.',
  values: {
    USER: { description: 'A user with access to their own data only.' },
    ADMIN: { description: 'An administrator of the installation, with access to users, API keys and the audit log.' },
  },
});

const Usage = builder.simpleObject('Usage', {
  description: "The amount of a user's data in total, or of what was added in a period.",
  fields: (t) => ({
    conversations: t.int({ description: 'The number of conversations.' }),
    messages: t.int({ description: 'The number of messages in all conversations.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'The total number of model input tokens of messages.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'The total number of model output tokens of messages.' }),
    storageBytes: t.field({
      type: 'SafeInt',
      description: 'The total size of media files in bytes; unfinished uploads count with their full size.',
    }),
    mediaSeconds: t.float({ description: 'The total duration of episodes, in seconds.' }),
    callSeconds: t.float({ description: 'The total duration of answered calls, in seconds.' }),
  }),
});

export const User = builder.prismaObject('User', {
  description: 'An account of a person or program, which owns conversations, memories, episodes and jobs.',
  extensions: cachedFor({ minutes: 60 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the user; it never changes.', extensions: CACHED, resolve: idOf('User') }),
    username: t.exposeString('username', {
      description: 'The unique name of the user, as used by `x-act-as` and the query `user`.',
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The display name of the user.' }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address of the user.' }),
    role: t.expose('role', { type: Role, description: 'The role of the user.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was created.' }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an API key of the user was last used, accurate to the minute; null if none was used.',
      extensions: NOT_CACHED,
    }),
    suspendedAt: t.expose('suspendedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when all API keys of the user are refused, by `suspendUser`; null if the user is not suspended.',
      extensions: NOT_CACHED,
    }),
    suspendedReason: t.exposeString('suspendedReason', {
      nullable: true,
      description: 'Why the user is suspended; null if the user is not.',
      extensions: NOT_CACHED,
    }),
    storageQuotaBytes: t.expose('storageQuotaBytes', {
      type: 'SafeInt',
      nullable: true,
      description:
        'How many bytes the media files of the user may take, as set by `setUserLimits`; null: as many as MAX_STORAGE_GB allows every user.',
      extensions: NOT_CACHED,
    }),
    pointsPerMinute: t.exposeInt('pointsPerMinute', {
      nullable: true,
      description:
        'How many points the user may spend per minute, as set by `setUserLimits`; null: RATE_LIMIT_POINTS, as every user.',
      extensions: NOT_CACHED,
    }),
    workingHours: t.field({
      type: WorkingHours,
      description:
        'When the user is available for meetings that the agent offers to leads. Null: meetings are offered within the call window.',
      extensions: NOT_CACHED,
      resolve: resolvers.workingHours,
    }),
    usage: t.field({
      type: Usage,
      description: "The amount of the user's data.",
      args: {
        since: t.arg({ type: 'DateTime', description: 'Count only data added at this moment or later.' }),
        until: t.arg({ type: 'DateTime', description: 'Count only data added before this moment.' }),
      },
      complexity: 50,
      extensions: NOT_CACHED,
      resolve: resolvers.usage,
    }),
  }),
});

export const UserConnection = connectionType(User, 'User', 'users');
