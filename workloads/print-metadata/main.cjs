// Prints, as JSON, who the container is by the task metadata endpoint version 4.
const endpoint = process.env.ECS_CONTAINER_METADATA_URI_V4;

async function main() {
  const container = await (await fetch(endpoint)).json();
  const task = await (await fetch(`${endpoint}/task`)).json();
  console.log(
    JSON.stringify({
      container: container.Name,
      image: container.Image,
      task: task.TaskARN,
      cluster: task.Cluster,
      family: task.Family,
      revision: task.Revision,
      containers: task.Containers.map(({ Name }) => Name),
    }),
  );
}

void main();
