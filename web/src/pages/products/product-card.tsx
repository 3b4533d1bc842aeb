/** One product with its configurations: names by language, artwork and status. Images are links: the page loads nothing from other hosts. */
import { Badge, Text, Title } from '@mantine/core'
import { Card, figure, StatusBadge } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import classes from './products.module.css'

type Product = Output<'organizations', 'products'>['products'][number]

export function ProductCard({ product: { name, key, status, kind, size, paper, configurations, more } }: { product: Product }) {
  return (
    <Card flush>
      <article className={classes.product} data-faded={status === 'archived' || undefined}>
        <div className={classes.head}>
          <div className={classes.words}>
            <Title order={3} className={classes.name}>
              {name}
            </Title>
            <div className={classes.small}>{key}</div>
          </div>
          <div className={classes.badges}>
            {kind === undefined ? null : (
              <Badge size="sm" component="span">
                {kind}
              </Badge>
            )}
            <StatusBadge status={status} />
          </div>
        </div>
        {size === undefined && paper === undefined ? null : (
          <dl className={classes.facts}>
            {size === undefined ? null : <Fact name="Size" value={size} />}
            {paper === undefined ? null : <Fact name="Paper" value={paper} />}
          </dl>
        )}
      </article>
      {configurations.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.none}>
          No configuration: campaigns cannot offer it yet.
        </Text>
      ) : (
        <ul className={classes.configurations} aria-label={`Configurations of ${name}`}>
          {configurations.map((one) => (
            <Configuration key={one.id} of={one} />
          ))}
        </ul>
      )}
      {more > 0 ? (
        <Text size="sm" c="dimmed" className={classes.none}>
          {figure(more)} more {more === 1 ? 'configuration' : 'configurations'}.
        </Text>
      ) : null}
    </Card>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}

function Configuration({ of: { name, key, status, names, artwork, artworks, image } }: { of: Product['configurations'][number] }) {
  const translated = Object.entries(names)
  return (
    <li className={classes.configuration}>
      <div className={classes.words}>
        <b className={classes.name}>{name}</b> <span className={classes.small}>{key}</span>
        {translated.length > 0 ? (
          <ul className={classes.names} aria-label={`Names of ${name}`}>
            {translated.map(([language, text]) => (
              <li key={language}>
                <span className={classes.language}>{language}</span> <bdi lang={language}>{text}</bdi>
              </li>
            ))}
          </ul>
        ) : null}
        <div className={classes.small}>
          {artwork.length > 0 ? (
            <>
              Artwork: <bdi>{artwork.join(', ')}</bdi>
              {artworks > artwork.length ? ` and ${figure(artworks - artwork.length)} more` : ''}
            </>
          ) : (
            'No artwork yet'
          )}
          {image === undefined ? null : (
            <>
              {' · '}
              <a href={image} target="_blank" rel="noreferrer noopener" aria-label={`Image of ${name}`}>
                Image
              </a>
            </>
          )}
        </div>
      </div>
      <StatusBadge status={status} />
    </li>
  )
}
